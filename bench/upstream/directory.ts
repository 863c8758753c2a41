interface Said {
  /** Name of the call, for counting. */
  readonly operation: string;
  readonly body: object;
}

/**
 * DingTalk's answers about an organization's people (`colleague`), and about the application.
 * https://open.dingtalk.com/document/development/query-user-details, …/query-a-user-by-the-union-id
 */
export function asDirectory(url: string, body: string): Said | undefined {
  const [path = ''] = url.split('?');
  switch (path) {
    case '/v1.0/oauth2/accessToken':
      return { operation: 'accessToken', body: { accessToken: 'app-token', expireIn: 7200 } };
    case '/auth/scopes':
      return said('auth/scopes', { auth_org_scopes: { authed_dept: [1], authed_user: [] } });
    case '/topapi/v2/user/get': {
      const { userid } = JSON.parse(body) as { userid: string };
      const result = { userid, unionid: `bench-${userid}`, name: '张三', active: true };
      return said('user/get', userid.startsWith('here-') ? { result } : NOBODY);
    }
    case '/topapi/user/getbyunionid': {
      const { unionid } = JSON.parse(body) as { unionid: string };
      const result = { contact_type: 0, userid: unionid.slice('bench-'.length) };
      return said('user/getbyunionid', unionid.startsWith('bench-here-') ? { result } : NOBODY);
    }
    case '/topapi/user/listadmin':
      return said('user/listadmin', { result: [{ userid: 'here-1', sys_level: 1 }] });
    default:
      return undefined;
  }
}

const NOBODY = { errcode: 60121, errmsg: '找不到该用户' };

function said(operation: string, body: object): Said {
  return { operation, body: { errcode: 0, errmsg: 'ok', request_id: 'bench0', ...body } };
}
