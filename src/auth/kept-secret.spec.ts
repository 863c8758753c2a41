import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidEnvironmentError } from '../config/index.js';
import { keepSecret, readAuthSettings } from './auth.config.js';

const SECRET = 'a-cookie-secret-for-tests-and-not-a-real-one';

describe('The generated cookie secret', () => {
  let place: string;
  let folder: string;
  let path: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'kept-secret-'));
    folder = join(place, 'state');
    path = join(folder, 'cookie-secret');
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  const read = (more: Record<string, string> = {}) => readAuthSettings({ STATE_FOLDER: folder, ...more });
  const problem = (more: Record<string, string> = {}): string => {
    try {
      read(more);
    } catch (error) {
      if (error instanceof InvalidEnvironmentError) return error.problems.join('\n');
      throw error;
    }
    return 'none';
  };
  const put = (content: string, mode = 0o600): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, content, { mode });
    chmodSync(path, mode);
  };

  it('is not created by reading the settings, and differs each time until then', () => {
    const [one, other] = [read(), read()];
    expect(one.keptSecret).toEqual({ path, isMade: false });
    expect(one.cookieSecrets[0]).not.toBe(other.cookieSecrets[0]);
    expect(readdirSync(place)).toEqual([]);
  });

  it('is long and random, in a file and a folder of its owner alone, and used from then on', () => {
    expect(keepSecret(path)).toBe(true);
    const { cookieSecrets, keptSecret } = read();
    expect(keptSecret).toEqual({ path, isMade: true });
    expect(cookieSecrets).toEqual([readFileSync(path, 'utf8').trim()]);
    expect(cookieSecrets[0]).toMatch(/^[\w-]{64}$/);
    expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
    // No temporary files are left.
    expect(readdirSync(folder)).toEqual(['cookie-secret']);
    expect(read().cookieSecrets).toEqual(cookieSecrets);
  });

  it('is left alone if another process has created it', () => {
    put(`${SECRET}\n`);
    expect(keepSecret(path)).toBe(false);
    expect(read().cookieSecrets).toEqual([SECRET]);
    expect(readdirSync(folder)).toEqual(['cookie-secret']);
  });

  it('may be rotated in its file, like the variable', () => {
    put(`${SECRET.toLowerCase()},${SECRET}\n`);
    expect(read().cookieSecrets).toEqual([SECRET.toLowerCase(), SECRET]);
  });

  it('is ignored if one is configured', () => {
    put('x');
    expect(read({ AUTH_COOKIE_SECRET: SECRET })).toEqual({
      cookieSecrets: [SECRET],
      transactionTtlSeconds: 600,
      stateFolder: expect.any(String),
    });
  });

  it.each([
    ['a user who is not its owner', 0o604],
    ["its owner's group", 0o640],
  ])('is refused if it can be read by %s', (_who, mode) => {
    put(SECRET, mode);
    expect(problem()).toMatch(/^STATE_FOLDER: the secret in .* cannot be used: users other than its owner can read it/);
    expect(problem()).not.toContain(SECRET);
  });

  it('is refused if another user has put it there', () => {
    put(SECRET);
    // Only root can give a file away; for other users the process's own user id is changed instead.
    if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    else jest.spyOn(process, 'getuid').mockReturnValue(65_534);
    expect(problem()).toContain('it belongs to another user');
    jest.restoreAllMocks();
  });

  it.each<[string, string]>([
    ['empty', ' \n'],
    ['at least 32 characters', 'short'],
    ['at least 32 characters', `${SECRET},short`],
    ['one line', `${SECRET}\n${SECRET}`],
    ['too long', SECRET.repeat(1000)],
  ])('is refused with a reason, and without its content: %s', (words, content) => {
    put(content);
    expect(problem()).toMatch(new RegExp(`^STATE_FOLDER: the secret in .*${words}`));
    expect(problem()).not.toContain(SECRET);
  });

  it('is no link, no folder, and nothing that blocks', () => {
    mkdirSync(folder, { recursive: true });
    const elsewhere = join(place, 'elsewhere');
    writeFileSync(elsewhere, SECRET, { mode: 0o600 });
    symlinkSync(elsewhere, path);
    expect(problem()).toContain('symbolic link');
    rmSync(path);
    mkdirSync(path, { mode: 0o700 });
    expect(problem()).toContain('it is not a file');
    rmSync(path, { recursive: true });
    // A hard link is the file itself.
    linkSync(elsewhere, path);
    expect(problem()).toBe('none');
  });

  it('is required if the folder cannot be created, before anything is tried', () => {
    writeFileSync(folder, 'a file');
    expect(problem()).toContain('it cannot be read (ENOTDIR)');
    expect(readFileSync(folder, 'utf8')).toBe('a file');
    const nowhere = join(place, 'nowhere', 'state');
    expect(problem({ STATE_FOLDER: nowhere })).toMatch(
      /^AUTH_COOKIE_SECRET is required: .* \(ENOENT\): set STATE_FOLDER to a folder that it can write$/,
    );
    expect(() => keepSecret(join(nowhere, 'cookie-secret'))).toThrow(/^STATE_FOLDER: .* cannot be written \(ENOENT\)$/);
  });

  it.each(['REDIS_URL', 'REDIS_URL_FILE'])('is never created beside %s, because replicas need the same one', (name) => {
    put(SECRET);
    expect(problem({ [name]: 'redis://redis:6379/0' })).toMatch(
      /^AUTH_COOKIE_SECRET is required: with REDIS_URL there may be several processes/,
    );
  });
});
