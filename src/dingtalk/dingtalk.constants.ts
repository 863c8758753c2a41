/** https://open.dingtalk.com/document/development/obtain-identity-credentials */
export const AUTHORIZE_PATH = '/oauth2/auth';

/** https://open.dingtalk.com/document/development/obtain-user-token */
export const USER_ACCESS_TOKEN_PATH = '/v1.0/oauth2/userAccessToken';

/** https://open.dingtalk.com/document/development/dingtalk-retrieve-user-information */
export const CURRENT_USER_PATH = '/v1.0/contact/users/me';

/** DingTalk reads the token from this header only; a Bearer header is refused. */
export const ACCESS_TOKEN_HEADER = 'x-acs-dingtalk-access-token';

/** Permissions an administrator ticks in the developer console, Permission management. */
export const PERMISSION = {
  profile: 'Contact.User.Read',
  mobile: 'Contact.User.mobile',
} as const;
