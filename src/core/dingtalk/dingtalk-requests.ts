import { APP_ACCESS_TOKEN_PATH, ORGANIZATION_TOKEN_PATH, STREAM_PATH } from './dingtalk.constants.js';
import type { DingTalkOptions } from './dingtalk-options.js';

/** A call in DingTalk's format, shared by the gateway and the doctor. */
export interface DingTalkRequest {
  readonly method: 'POST';
  readonly url: string;
  /** Sent as JSON. */
  readonly body: object;
}

type Application = Pick<DingTalkOptions, 'apiUrl' | 'clientId' | 'clientSecret'>;

/** Requests the application's own token. */
export function appAccessTokenRequest({ apiUrl, clientId, clientSecret }: Application): DingTalkRequest {
  return {
    method: 'POST',
    url: apiUrl + APP_ACCESS_TOKEN_PATH,
    body: { appKey: clientId, appSecret: clientSecret },
  };
}

/** Requests its token in one organization. */
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

/** Requests a Stream address for events; which events arrive is selected in the developer console. */
export function streamRequest({ apiUrl, clientId, clientSecret }: Application): DingTalkRequest {
  return {
    method: 'POST',
    url: apiUrl + STREAM_PATH,
    // The only topic of events.
    body: { clientId, clientSecret, ua: 'sign-in-gateway', subscriptions: [{ type: 'EVENT', topic: '*' }] },
  };
}

/** A call to the older API, whose token is in the query. */
export function topapiRequest(
  { oapiUrl }: Pick<DingTalkOptions, 'oapiUrl'>,
  path: string,
  appToken: string,
  body: object,
): DingTalkRequest {
  const query = new URLSearchParams({ access_token: appToken }).toString();
  return { method: 'POST', url: `${oapiUrl}${path}?${query}`, body };
}
