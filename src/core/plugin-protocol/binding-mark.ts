import { z } from 'zod';

/**
 * The mark that gateway and plugin leave in `meta` of bindings that they create (NocoBase's `usersAuthenticators`), so
 * that the bindings are recognized as DingTalk's after their authenticator was renamed or removed. It contains nothing
 * about the person.
 */
const marked = z.object({ dingtalkGateway: z.object({ organization: z.string().optional().catch(undefined) }) });

/** @param organization that the person signed in with; undefined if unknown */
export function bindingMeta(organization: string | undefined): z.output<typeof marked> {
  return { dingtalkGateway: organization === undefined ? {} : { organization } };
}

/** @returns undefined if the record has no mark */
export function readBindingMark(meta: unknown): { readonly organization?: string | undefined } | undefined {
  // Some databases return JSON as text.
  return marked.safeParse(typeof meta === 'string' ? parsed(meta) : meta).data?.dingtalkGateway;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
