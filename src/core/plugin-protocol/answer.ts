/**
 * Where NocoBase signs people in by itself, its pages hand on in a request header what DingTalk answered: NocoBase keeps
 * bodies and addresses in its logs, and no such header. Both hold a query, as `application/x-www-form-urlencoded`.
 */

/** DingTalk's redirect: all that stood behind the `?` of the callback. */
export const ANSWER_HEADER = 'X-DingTalk-Answer';

/** Inside DingTalk's client: `code` and `state`. */
export const IN_APP_HEADER = 'X-DingTalk-In-App';

/** In NocoBase's answer: where the person wanted to go, from when the browser has shown that the sign-in is its own. */
export const RETURN_PATH_HEADER = 'X-DingTalk-Return-Path';

/** The longest that is read. DingTalk's answers have some 200 characters. */
export const MAX_ANSWER_LENGTH = 4096;
