import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Every identifier of the sandbox. The same seed produces the same people and the same series of tokens, so that a failing test can
 * be repeated. Predictable tokens are only acceptable because nothing here protects anything.
 */
export class Ids {
  #issued = 0;

  constructor(private readonly seed: string) {}

  /** Codes and tokens are 32 lower-case hex characters, as in the samples of open.dingtalk.com/document/development/obtain-user-token. */
  token(kind: string): string {
    return this.#next(kind).toString('hex').slice(0, 32);
  }

  /** The `requestid` of a v1.0 answer: an upper-case GUID. */
  requestId(): string {
    const hex = this.#next('request').toString('hex').toUpperCase();
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** One value per person and developer organization, whatever the application. */
  unionId(developerCorpId: string, personId: string): string {
    return `${this.#base62('union', developerCorpId, personId).slice(0, 22)}iEiE`;
  }

  /** One value per person and application. Shorter than a unionId, so that a mix-up is noticed. */
  openId(clientId: string, personId: string): string {
    return `oP${this.#base62('open', clientId, personId).slice(0, 14)}iE`;
  }

  /** One value per person and organization: digits only. */
  userId(corpId: string, personId: string): string {
    return BigInt(`0x${this.#hash('user', corpId, personId).toString('hex')}`)
      .toString()
      .slice(0, 18);
  }

  #base62(...parts: string[]): string {
    return Array.from(this.#hash(...parts), (byte) => BASE62[byte % BASE62.length]).join('');
  }

  #next(kind: string): Buffer {
    this.#issued += 1;
    return this.#hash(kind, String(this.#issued));
  }

  #hash(...parts: string[]): Buffer {
    return createHash('sha256')
      .update([this.seed, ...parts].join('|'))
      .digest();
  }
}
