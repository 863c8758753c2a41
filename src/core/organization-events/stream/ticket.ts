import { z } from 'zod';
import { dingTalkErrorCode, type DingTalkOptions, errorReference, streamRequest } from '../../dingtalk/index.js';
import { isLoopback } from '../../settings/index.js';
import { DETAIL } from '../../texts/index.js';
import { type UpstreamHttpClient, UpstreamHttpError } from '../../upstream/index.js';
import type { StreamTrouble } from './stream-notice.js';

export type StreamApplication = Pick<
  DingTalkOptions,
  'apiUrl' | 'clientId' | 'clientSecret' | 'timeoutMs' | 'proxyUrl'
>;

const opened = z.object({ endpoint: z.string().max(2048), ticket: z.string().min(1).max(1024) });

/** A reason that may be logged and shown. */
export class StreamOpeningError extends Error {
  constructor(
    readonly why: StreamTrouble,
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * Requests an address. It is valid for one connection, within 90 s.
 *
 * @returns an address that contains a ticket: never log it
 * @throws StreamOpeningError
 */
export async function askForAddress(http: UpstreamHttpClient, application: StreamApplication): Promise<string> {
  const { timeoutMs, proxyUrl } = application;
  let answer: z.output<typeof opened>;
  try {
    answer = await http.request({
      upstream: 'DingTalk',
      operation: 'openStream',
      ...streamRequest(application),
      timeoutMs,
      proxyUrl,
      guard: opened,
      reference: errorReference,
    });
  } catch (error) {
    throw new StreamOpeningError(troubleOf(error), detailOf(error));
  }
  const address = addressWith(answer.ticket, answer.endpoint);
  if (address === undefined) throw new StreamOpeningError('no_answer', DETAIL.stream.oddAddress.en);
  return address;
}

/**
 * TLS, except to this machine; no user and password; no fragment, which a WebSocket must not have (RFC 6455, section
 * 3).
 */
export function addressWith(ticket: string, endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  const isSafe = url.protocol === 'wss:' || (url.protocol === 'ws:' && isLoopback(url.hostname));
  if (!isSafe || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  url.search = `${url.search === '' ? '?' : `${url.search}&`}ticket=${encodeURIComponent(ticket)}`;
  return url.href;
}

function troubleOf(error: unknown): StreamTrouble {
  if (!(error instanceof UpstreamHttpError)) return 'no_answer';
  const code = dingTalkErrorCode(error.body);
  if (code === 'Forbidden.AccessDenied.IpNotInWhiteList') return 'address_refused';
  return error.httpStatus === 401 || code === 'authFailed' ? 'credentials_refused' : 'no_answer';
}

/** The `detail` of upstream errors names the call and a code. */
function detailOf(error: unknown): string {
  const detail: unknown = error instanceof Error ? Reflect.get(error, 'detail') : undefined;
  return typeof detail === 'string' ? detail : DETAIL.stream.notPossible.en;
}
