/** Links that would do something in NocoBase, or show another party's page, on behalf of the person who follows them. */
export const HOSTILE_RETURN_PATHS: readonly string[] = [
  '/api/users/15/roles:add?filterByTk=root',
  '/api/users:destroy?filterByTk=15',
  '/api/pm:disable?filterByTk=auth',
  '/pm:disable',
  '/API/users:destroy',
  '/%61pi/users:destroy',
  '/%2561pi/users:destroy',
  '/\uff41\uff50\uff49/users:destroy',
  '/admin/../api/users:destroy',
  '/admin/%2e%2e/api/users:destroy',
  '/admin/..%2fapi/users:destroy',
  '/admin/..;/api/users:destroy',
  '/admin/\uff0e\uff0e/api/users:destroy',
  '/v/../api/users:destroy',
  '/v/api/users:destroy',
  '/another-api/users:destroy',
  '/apps/other/admin',
  '/v/apps/other/admin',
  '/apps/other/api/users:destroy',
  '/files/x',
  '/storage/uploads/x.html',
  '/static/plugins/x/dist/client/x.html',
  '/ws',
  '/signin',
];

/** Links that a browser could read as an address of another host, and a few that are only odd. */
export const PATHS_TO_ELSEWHERE: readonly string[] = [
  ['https://evil.example/', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example'],
  ['/\t/evil.example', '/\r\n/evil.example', '\u0000//evil.example', ' //evil.example', '/%09/evil.example'],
  ['/%2fevil.example', '/%5cevil.example', '/%252fevil.example', '/..//evil.example', '/.//evil.example'],
  ['/../../evil.example', '/%2e%2e/%2e%2e/evil.example', '/admin/..%2f..%2fevil.example', '/..;/evil.example'],
  ['@evil.example', '.evil.example', ':80@evil.example', '/@evil.example', 'javascript:alert(1)//'],
  ['/\u2025/evil.example', '/\uff0fevil.example', '/\u202eevil.example', '/\u3002/evil.example'],
  ['?redirect=//evil.example', '#//evil.example', '', '/', '/signin', '/v/signin?redirect=//evil.example'],
  ['/admin?next=//evil.example#//evil.example', 'https:evil.example', 'http:///evil.example', '/;@evil.example'],
].flat();
