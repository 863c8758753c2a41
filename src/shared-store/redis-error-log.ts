/** The driver tries again every two seconds, and fails in the same way. */
const AGAIN_MS = 60_000;

/** Says each kind of failure when it begins, and then once a minute. */
export class RedisErrorLog {
  private last: { readonly what: string; readonly at: number } | undefined;

  constructor(private readonly warn: (what: string) => void) {}

  readonly tell = (error: Error & { readonly code?: string | undefined }): void => {
    const what = kindOf(error);
    const now = performance.now();
    if (this.last !== undefined && this.last.what === what && now - this.last.at < AGAIN_MS) return;
    this.last = { what, at: now };
    this.warn(what);
  };
}

/** Node's code, or the first word of Redis' answer (`WRONGPASS …`): the rest of it may repeat what was sent. */
function kindOf({ code, name, message }: Error & { readonly code?: string | undefined }): string {
  const answered = /^([A-Z]{3,20})(?: |$)/.exec(message)?.[1];
  return code ?? (name === 'ReplyError' && answered !== undefined ? answered : name);
}
