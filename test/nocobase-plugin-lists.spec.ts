/** The plugin's sources have their own types, which this project does not see. */
const { writtenSettings, settings, publicOptions } = jest.requireActual<{
  writtenSettings: { safeParse(options: object): { error?: { issues: { message: string }[] } } };
  settings: { safeParse(options: object): { success: boolean } };
  publicOptions: (options: object) => object;
}>('../nocobase-plugin/src/server/settings.js');
const form = jest.requireActual<Record<string, (value: unknown) => string | undefined>>(
  '../nocobase-plugin/src/client-shared/rules.js',
);
const { BETWEEN_ENTRIES } = jest.requireActual<{ BETWEEN_ENTRIES: string[] }>(
  '../nocobase-plugin/src/client-shared/between-entries.js',
);

const saved = (options: object): string | undefined => writtenSettings.safeParse(options).error?.issues[0]?.message;

describe('A list in the form', () => {
  const ZERO_WIDTH = '\u200b';

  it.each(['root，admin', 'root、admin', 'root；admin', 'root;admin', 'root,admin'])(
    'has no entry %j, in which nobody would recognize a role',
    (role) => {
      expect(saved({ protectedRoles: ['boss', role] })).toBe('settings.protectedRoles');
      expect(saved({ defaultRoles: ['member', role] })).toBe('settings.defaultRoles');
      expect(form['problemWithProtectedRoles']?.(['boss', role])).toBe('settings.protectedRoles');
      expect(form['problemWithDefaultRoles']?.(['member', role])).toBe('settings.defaultRoles');
    },
  );

  it.each(['ding1，ding2', 'ding1;ding2', 'ding 1', '公司', 'x'.repeat(129), `ding${ZERO_WIDTH}1`])(
    'has no organization %j',
    (corpId) => {
      expect(saved({ corpIds: ['ding0123456789abcdef', corpId] })).toBe('settings.corpIds');
      expect(form['problemWithCorpIds']?.(['ding0123456789abcdef', corpId])).toBe('settings.corpIds');
    },
  );

  it.each(['/portal，/wiki', '/portal;/wiki'])('has no further page %j', (path) => {
    expect(saved({ returnPaths: ['/portal', path] })).toBe('settings.returnPaths');
    expect(form['problemWithReturnPaths']?.(['/portal', path])).toBe('settings.returnPaths');
  });

  it('has no entry with an invisible character, of which the server knows every one', () => {
    expect(saved({ protectedRoles: [`root${ZERO_WIDTH}`] })).toBe('settings.protectedRoles');
    expect(saved({ defaultRoles: ['root\nadmin'] })).toBe('settings.defaultRoles');
    expect(saved({ returnPaths: [`/portal${ZERO_WIDTH}`] })).toBe('settings.returnPaths');
  });

  it('has the entries that it should have', () => {
    const good = { protectedRoles: ['root', 'r_1a2b'], corpIds: ['ding0123456789abcdef'], returnPaths: ['/portal'] };
    expect(saved({ ...good, defaultRoles: ['member'] })).toBeUndefined();
    expect(form['problemWithProtectedRoles']?.(good.protectedRoles)).toBeUndefined();
    expect(form['problemWithCorpIds']?.(good.corpIds)).toBeUndefined();
    expect(form['problemWithReturnPaths']?.(good.returnPaths)).toBeUndefined();
  });

  it('that protects nobody is not read from a record that an older version stored; others keep working', () => {
    expect(settings.safeParse({ protectedRoles: ['root，admin'] }).success).toBe(false);
    expect(publicOptions({ protectedRoles: ['root，admin'] })).toEqual({ ready: false });
    const harmless = { corpIds: ['ding1', 'ding2，ding3'], defaultRoles: ['a，b'], returnPaths: ['/a，/b'] };
    expect(settings.safeParse(harmless).success).toBe(true);
  });

  it('is split wherever something stands between two entries', () => {
    expect(['，', '、', '；', ';', ',', '\n', ' '].filter((one) => !BETWEEN_ENTRIES.includes(one))).toEqual([]);
  });
});
