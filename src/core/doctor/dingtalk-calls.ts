import { isIP } from 'node:net';
import { z } from 'zod';
import {
  ACCESS_TOKEN_HEADER,
  appAccessToken,
  appAccessTokenRequest,
  dingTalkErrorCode,
  type DingTalkOptions,
  type DingTalkRequest,
  effectiveCode,
  envelope,
  LEAVE_RECORDS_PATH,
  member,
  MEMBER_PATH,
  organizationToken,
  organizationTokenRequest,
  streamRequest,
  topapiRequest,
  USER_BY_UNION_ID_PATH,
} from '../dingtalk/index.js';
import { exchange, type Exchange } from './http-exchange.js';
import { once } from './once.js';
import { printableCode } from './printable.js';
import { TextError } from '../texts/index.js';
import { MEMBER_LOOKUP } from './texts/dingtalk.js';

const MINUTE = 60_000;
const streamOffer = z.object({ endpoint: z.string().max(2048) });

/** DingTalk's refusal. */
export interface DingTalkRefusal {
  /** Its error code, or `HTTP <status>`. */
  readonly code: string;
  /** Our address as DingTalk saw it, if it says so. */
  readonly egressIp: string | undefined;
}

export type AppToken = { readonly token: string } | { readonly refusal: DingTalkRefusal };
/** `code` 0 is success. */
export interface TopapiAnswer {
  readonly code: number;
  readonly egressIp: string | undefined;
  readonly result: unknown;
}

/** DingTalk's codes for "your address is not on the application's allow-list". */
export const isIpRefusal = (code: string | number): boolean =>
  code === 'Forbidden.AccessDenied.IpNotInWhiteList' || Number(code) === 60020;

/** DingTalk's codes for a Client ID and a Client Secret that do not match. */
export const isCredentialsRefusal = (code: string): boolean =>
  /^(invalidClientIdOrSecret|invalid\.client|unauthorized\.client)$/.test(code);

/** The calls that an application can make without a person. */
export class DingTalkCalls {
  constructor(
    private readonly application: Pick<
      DingTalkOptions,
      'apiUrl' | 'clientId' | 'clientSecret' | 'oapiUrl' | 'proxyUrl' | 'timeoutMs'
    >,
  ) {}

  /** Any response of its API, for the time on DingTalk's clock. @throws ExchangeError */
  readonly frontDoor = once(async (): Promise<Exchange> => {
    const { apiUrl, timeoutMs, proxyUrl } = this.application;
    return exchange(apiUrl, { timeoutMs, proxyUrl });
  });

  /** @throws ExchangeError */
  readonly appToken = once(async (): Promise<AppToken> => {
    const answer = await this.send(appAccessTokenRequest(this.application));
    const granted = appAccessToken.safeParse(answer.json);
    if (answer.status === 200 && granted.success) return { token: granted.data.accessToken };
    const code = dingTalkErrorCode(answer.json);
    return {
      refusal: { code: code === undefined ? `HTTP ${answer.status}` : printableCode(code), egressIp: ipIn(answer) },
    };
  });

  /** Whether the application belongs to this organization. @throws ExchangeError */
  async belongsTo(corpId: string): Promise<boolean> {
    const answer = await this.send(organizationTokenRequest(this.application, corpId));
    return answer.status === 200 && organizationToken.safeParse(answer.json).success;
  }

  /** Looks up a person who does not exist: only the permission matters. @throws ExchangeError */
  readonly memberLookup = once(async (): Promise<TopapiAnswer | undefined> => {
    return this.topapi(USER_BY_UNION_ID_PATH, { unionid: 'nobodyThisIsAQuestionOfTheDoctor' });
  });

  /** The code with which DingTalk refuses its leave records; undefined if it returns them. @throws ExchangeError */
  async leaveRecordsRefusal(): Promise<string | undefined> {
    const granted = await this.appToken();
    if ('refusal' in granted) return granted.refusal.code;
    const { apiUrl, timeoutMs, proxyUrl } = this.application;
    const now = Date.now();
    const query = new URLSearchParams({
      startTime: withoutFraction(now - MINUTE),
      endTime: withoutFraction(now),
      nextToken: '0',
      maxResults: '1',
    });
    const headers = { [ACCESS_TOKEN_HEADER]: granted.token };
    return refusalIn(
      await exchange(`${apiUrl}${LEAVE_RECORDS_PATH}?${query.toString()}`, { headers, timeoutMs, proxyUrl }),
    );
  }

  /**
   * Where DingTalk offers a Stream connection. None is opened, and the offer expires after a minute and a half.
   *
   * @throws ExchangeError
   */
  async streamOffer(): Promise<{ readonly host: string } | { readonly code: string }> {
    const answer = await this.send(streamRequest(this.application));
    const offered = streamOffer.safeParse(answer.json);
    if (answer.status === 200 && offered.success && URL.canParse(offered.data.endpoint)) {
      return { host: new URL(offered.data.endpoint).host };
    }
    return { code: refusalIn(answer) ?? 'HTTP 200' };
  }

  /** The unionId of a member of the organization. @throws ExchangeError, TextError */
  async unionIdOf(userid: string): Promise<string | undefined> {
    const answer = await this.topapi(MEMBER_PATH, { userid });
    if (answer === undefined) throw new TextError(MEMBER_LOOKUP.refused);
    if (answer.code === 60121 || answer.code === 33012) return undefined;
    const found = member.pick({ userid: true, unionid: true }).safeParse(answer.result);
    if (answer.code === 60011) {
      throw new TextError(MEMBER_LOOKUP.notGranted);
    }
    if (answer.code !== 0 || found.data?.userid !== userid) throw new TextError(MEMBER_LOOKUP.failed(answer.code));
    return found.data.unionid;
  }

  private async topapi(path: string, body: object): Promise<TopapiAnswer | undefined> {
    const granted = await this.appToken();
    if ('refusal' in granted) return undefined;
    const answer = await this.send(topapiRequest(this.application, path, granted.token, body));
    const read = envelope.safeParse(answer.json);
    if (!read.success)
      return { code: answer.status === 200 ? -1 : answer.status, egressIp: undefined, result: undefined };
    return { code: effectiveCode(read.data), egressIp: ipIn(answer), result: read.data.result };
  }

  private async send({ url, ...sent }: DingTalkRequest): Promise<Exchange> {
    const { timeoutMs, proxyUrl } = this.application;
    return exchange(url, { ...sent, timeoutMs, proxyUrl });
  }
}

const withoutFraction = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** DingTalk's code, or the status; undefined if it is no refusal. */
function refusalIn({ status, json }: Exchange): string | undefined {
  if (status === 200) return undefined;
  const code = dingTalkErrorCode(json);
  return code === undefined ? `HTTP ${status}` : printableCode(code);
}

/** DingTalk names the address in the text of its error: `request ip=203.0.113.7`. */
function ipIn({ json }: Exchange): string | undefined {
  const said = z
    .object({ message: z.string() })
    .or(z.object({ errmsg: z.string() }))
    .safeParse(json).data;
  const text = said === undefined ? '' : Object.values(said).join(' ');
  const found = /request ip\s*=\s*([0-9a-f.:]+)/i.exec(text)?.[1];
  return found !== undefined && isIP(found) !== 0 ? found : undefined;
}
