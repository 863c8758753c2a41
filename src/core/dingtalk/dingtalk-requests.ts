import { APP_ACCESS_TOKEN_PATH, ORGANIZATION_TOKEN_PATH, STREAM_PATH } from './dingtalk.constants.js';
import type { DingTalkOptions } from './dingtalk-options.js';

/** A call as DingTalk reads it: the gateway's own and the doctor's are the same. */
export interface DingTalkRequest {
  readonly method: 'POST';
  readonly url: string;
  /** Sent as JSON. */
  readonly body: object;
}

type Application = Pick<DingTalkOptions, 'apiUrl' | 'clientId' | 'clientSecret'>;

/** Asks for the application's own token. */
export function appAccessTokenRequest({ apiUrl, clientId, clientSecret }: Application): DingTalkRequest {
  return {
    method: 'POST',
    url: apiUrl + APP_ACCESS_TOKEN_PATH,
    body: { appKey: clientId, appSecret: clientSecret },
  };
}

/** Asks for its token in one organization. */
export function organizationTokenRequest(
  { apiUrl, clientId, clientSecret }: Application,
  corpId: string,
): DingTalkRequest {
  return {
    method: 'POST',
    url: apiUrl + ORGANIZATION_TOKEN_PATH(corpId),
    body: { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' },
  };
}

/** Asks where to connect for events; which of them come is ticked in the developer console. */
export function streamRequest({ apiUrl, clientId, clientSecret }: Application): DingTalkRequest {
  return {
    method: 'POST',
    url: apiUrl + STREAM_PATH,
    // The only topic of events.
    body: { clientId, clientSecret, ua: 'sign-in-gateway', subscriptions: [{ type: 'EVENT', topic: '*' }] },
  };
}

/** A question to the older API, whose token stands in the query. */
export function topapiRequest(
  { oapiUrl }: Pick<DingTalkOptions, 'oapiUrl'>,
  path: string,
  appToken: string,
  body: object,
): DingTalkRequest {
  const query = new URLSearchParams({ access_token: appToken }).toString();
  return { method: 'POST', url: `${oapiUrl}${path}?${query}`, body };
}
