/**
 * If NocoBase signs people in by itself, its pages pass on DingTalk's response in a request header: NocoBase logs
 * bodies and addresses, but not such a header. Both headers contain a query, as `application/x-www-form-urlencoded`.
 */

/** DingTalk's redirect: everything after the `?` of the callback. */
export const ANSWER_HEADER = 'X-DingTalk-Answer';

/** Inside DingTalk's client: `code` and `state`. */
export const IN_APP_HEADER = 'X-DingTalk-In-App';

/** In NocoBase's response: the requested page, sent once the browser has proved that it started the sign-in. */
export const RETURN_PATH_HEADER = 'X-DingTalk-Return-Path';

/** Length limit. DingTalk's responses have some 200 characters. */
export const MAX_ANSWER_LENGTH = 4096;
