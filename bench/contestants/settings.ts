/** The gateway's own variables, as the other contestants read them: all get the same. */
export const settings = {
  port: Number(variable('PORT')),
  host: variable('HOST'),
  cookieSecret: variable('AUTH_COOKIE_SECRET'),
  redirectUri: `${variable('PUBLIC_URL')}/auth/dingtalk/dingtalk/callback`,
  clientId: variable('DINGTALK_CLIENT_ID'),
  clientSecret: variable('DINGTALK_CLIENT_SECRET'),
  corpId: variable('DINGTALK_CORP_ID'),
  loginUrl: variable('DINGTALK_LOGIN_URL'),
  apiUrl: variable('DINGTALK_API_URL'),
  nocoBaseUrl: variable('NOCOBASE_URL'),
  nocoBasePublicUrl: variable('NOCOBASE_PUBLIC_URL'),
  nocoBaseToken: variable('NOCOBASE_API_TOKEN'),
  jwtSecret: variable('NOCOBASE_JWT_SECRET'),
};

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
