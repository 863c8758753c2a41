import { z } from 'zod';

/**
 * The answer of `userAccessToken`. `corpId` is there only for the scope `openid corpid`: the organization the person
 * picked. https://open.dingtalk.com/document/development/obtain-user-token
 */
export const userAccessToken = z.object({
  accessToken: z.string().min(1),
  corpId: z.string().min(1).optional(),
});

/**
 * The answer of `contact/users/me`. `unionId` is the same for one person in all applications of one developer
 * organization and never changes; `mobile` and `stateCode` need the permission `Contact.User.mobile`.
 * https://open.dingtalk.com/document/development/dingtalk-retrieve-user-information
 */
export const currentUser = z.object({
  unionId: z.string().trim().min(1).max(128),
  nick: z.string().nullish(),
  mobile: z.string().nullish(),
  stateCode: z.string().nullish(),
  email: z.string().nullish(),
});

/** The body of an HTTP error: `code` is a string. */
const errorBody = z.object({ code: z.string() });

/** DingTalk's own code of an error body; undefined where the body is something else. */
export function dingTalkErrorCode(body: unknown): string | undefined {
  return errorBody.safeParse(body).data?.code;
}
