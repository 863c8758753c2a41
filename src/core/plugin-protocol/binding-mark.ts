import { z } from 'zod';

/**
 * The mark that gateway and plugin leave in `meta` of the bindings they make (NocoBase's `usersAuthenticators`), so that
 * they are known for DingTalk's after their authenticator was renamed or removed. It says nothing about the person.
 */
const marked = z.object({ dingtalkGateway: z.object({ organization: z.string().optional().catch(undefined) }) });

/** @param organization that the person signed in for; undefined where nobody said */
export function bindingMeta(organization: string | undefined): z.output<typeof marked> {
  return { dingtalkGateway: organization === undefined ? {} : { organization } };
}

/** @returns undefined where the row bears no mark */
export function readBindingMark(meta: unknown): { readonly organization?: string | undefined } | undefined {
  // Some databases give JSON back as text.
  return marked.safeParse(typeof meta === 'string' ? parsed(meta) : meta).data?.dingtalkGateway;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
