/** The driver retries every two seconds, and fails in the same way. */
const AGAIN_MS = 60_000;

/** Logs each kind of failure when it starts, and then once a minute. */
export class RedisErrorLog {
  private last: { readonly what: string; readonly at: number } | undefined;

  constructor(private readonly warn: (what: string) => void) {}

  readonly tell = (error: unknown): void => {
    const what = redisErrorCode(error);
    const now = performance.now();
    if (this.last !== undefined && this.last.what === what && now - this.last.at < AGAIN_MS) return;
    this.last = { what, at: now };
    this.warn(what);
  };
}

/**
 * Node's code, or the first word of the reply of Redis (NOAUTH, WRONGPASS, READONLY, OOM): the rest may repeat what was
 * sent. For a discarded transaction, the reply to the command because of which it was discarded.
 */
export function redisErrorCode(error: unknown): string {
  const { code, name, message, previousErrors } = Object(error) as Record<string, unknown>;
  if (typeof code === 'string') return code;
  const [cause]: unknown[] = Array.isArray(previousErrors) ? previousErrors : [];
  if (cause !== undefined) return redisErrorCode(cause);
  const reply = name === 'ReplyError' ? /^([A-Z]{3,20})(?: |$)/.exec(String(message))?.[1] : undefined;
  return reply ?? (typeof name === 'string' ? name : 'unknown');
}

/**
 * Whether Redis refused to write, because it is a replica: a failover need not close the connections to the former
 * master. Before version 7 the reply to a script has the word in its middle.
 */
export function isReadOnly(error: unknown): boolean {
  const { name, message } = Object(error) as Record<string, unknown>;
  return name === 'ReplyError' && /(?:^|-)READONLY /.test(String(message));
}
