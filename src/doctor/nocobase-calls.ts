import { z } from 'zod';
import { exchange, type Exchange, once, printableCode } from '../core/doctor/index.js';
import { actionRequest, type AskedAs, type NocoBaseAddress } from '../nocobase-client/index.js';

const errors = z.object({ errors: z.array(z.object({ code: z.string().nullish(), message: z.string().nullish() })) });
/** The error while NocoBase starts, and for an application that it does not know. */
const unavailable = z.object({ error: z.object({ code: z.string() }) });

/** Reads of NocoBase for a diagnosis, each made once. Every one may throw ExchangeError. */
export class NocoBaseCalls {
  constructor(private readonly options: NocoBaseAddress & { readonly apiToken?: string }) {}

  /** The cheapest call with a response that only NocoBase gives: 401 EMPTY_TOKEN. */
  readonly anonymousCheck = once(async () => this.get('auth:check'));
  readonly keyCheck = once(async () => this.get('auth:check', { token: this.options.apiToken }));
  /** The first read of every sign-in: `roles:check` alone does not tell everything that NocoBase lets a role do. */
  readonly bindingsRead = once(async () =>
    this.get('usersAuthenticators:list', { token: this.options.apiToken, query: { pageSize: '1', fields: 'userId' } }),
  );
  readonly rightsCheck = once(async () => this.get('roles:check', { token: this.options.apiToken }));

  async get(
    action: string,
    { query = {}, ...as }: AskedAs & { readonly query?: Readonly<Record<string, string>> } = {},
  ): Promise<Exchange> {
    const { url, headers } = actionRequest(this.options, action, { query, as });
    return exchange(url, { timeoutMs: this.options.timeoutMs, headers });
  }
}

/** A 403 from NocoBase itself, and not another server's page. */
export function isForbidden({ json, status }: Exchange): boolean {
  return status === 403 && errors.safeParse(json).success;
}

/** NocoBase's own code of a refusal, such as INVALID_TOKEN or APP_STARTING. */
export function nocoBaseCode({ json, status }: Exchange): string {
  const code = errors.safeParse(json).data?.errors[0]?.code ?? unavailable.safeParse(json).data?.error.code;
  return code === undefined || code === null ? `HTTP ${status}` : printableCode(code);
}

/** Whether NocoBase says, in English, that the token is older than the last password change. */
export function saysPasswordChanged({ json }: Exchange): boolean {
  return /password changed/i.test(errors.safeParse(json).data?.errors[0]?.message ?? '');
}
