import { createLocalJWKSet, jwtVerify } from 'jose';
import { type ExternalIdentity, storableAttributes } from '../core/accounts/index.js';
import { PluginClient, Signer } from '../plugin-client/index.js';
import { signInErrorUrl, TICKET_TYPE, ticketClaims, type TicketClaims } from '../core/plugin-protocol/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import type { TicketAuthOptions } from './auth.options.js';
import type { SignInTransaction } from '../core/sign-in/index.js';
import { TicketSignIn } from './ticket-sign-in.js';

const CHALLENGE = 'c'.repeat(43);
const SIGNER = new Signer(['x'.repeat(32)]);
const PERSON: ExternalIdentity = {
  subject: 'union-1',
  name: '张三',
  phone: '+8613800000000',
  email: 'zhang@example.com',
  avatarUrl: 'https://static.example.com/zhang.png',
  jobNumber: 'J-1',
  title: 'Engineer',
  departments: 'R&D',
  organization: 'ding-ours',
  phonePermission: 'Contact.User.mobile',
};
const TRANSACTION: SignInTransaction = {
  state: 's'.repeat(43),
  authenticator: 'dingtalk',
  returnPath: '/admin/x?y=1#z' as ReturnPath,
  flow: 'browser',
  challenge: CHALLENGE,
};

/** NocoBase is never called: the plugin client has no transport. */
function gateway({ app = 'main', allowed = ['ding-ours'] }: { app?: string; allowed?: string[] } = {}): TicketSignIn {
  const request = async (): Promise<never> => Promise.reject(new Error('NocoBase was called'));
  const options: TicketAuthOptions = {
    publicUrl: 'https://sso.example.com',
    cookieSecrets: ['x'.repeat(32)],
    transactionTtlSeconds: 600,
    defaultPath: '/admin',
    nocobasePublicUrl: 'https://app.example.com/nb',
    policy: { allowedOrganizations: allowed, protectedRoles: [], autoSignUp: false, defaultRoles: [] },
    nocobase: {
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com/nb',
      app,
      authenticator: 'dingtalk',
      timeoutMs: 1000,
    },
  };
  return new TicketSignIn(new PluginClient({ request }, SIGNER, options.publicUrl), SIGNER, options);
}

async function claimsOf(location: string): Promise<TicketClaims> {
  const ticket = new URL(location).hash.replace('#ticket=', '');
  const keys = createLocalJWKSet({ keys: SIGNER.publicKeys().keys.map((key) => ({ ...key })) });
  const { payload } = await jwtVerify(ticket, keys, { typ: TICKET_TYPE, algorithms: ['EdDSA'] });
  return ticketClaims.parse(payload);
}

describe('A ticket', () => {
  it('names the person, audience, browser and page, and nothing else', async () => {
    const { match, userId, handOff } = await gateway().signIn(PERSON, TRANSACTION, 'request-1');
    expect([match, userId]).toEqual(['ticket', undefined]);
    expect(await claimsOf(handOff.location)).toEqual({
      iss: 'https://sso.example.com',
      aud: 'https://app.example.com/nb',
      app: 'main',
      authenticator: 'dingtalk',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{22}$/),
      challenge: CHALLENGE,
      returnPath: '/admin/x?y=1#z',
      requestId: 'request-1',
      identity: PERSON,
    });
  });

  it('is not issued without a challenge, for another organization, or for no person', async () => {
    const codeOf = async (attempt: Promise<unknown>): Promise<unknown> =>
      attempt.then(
        () => 'no error',
        (error: { code?: string; name?: string }) => error.code ?? error.name,
      );
    const { challenge: _, ...unbound } = TRANSACTION;
    expect(await codeOf(gateway().signIn(PERSON, unbound, 'r'))).toBe('invalid_state');
    expect(await codeOf(gateway({ allowed: ['ding-other'] }).signIn(PERSON, TRANSACTION, 'r'))).toBe(
      'organization_not_allowed',
    );
    expect(await codeOf(gateway().signIn({ ...PERSON, subject: '' }, TRANSACTION, 'r'))).not.toBe('no error');
    expect(await codeOf(gateway().signIn({ ...PERSON, subject: 'x'.repeat(257) }, TRANSACTION, 'r'))).not.toBe(
      'no error',
    );
  });

  it('omits what cannot be stored, and what is missing', async () => {
    const odd = {
      ...PERSON,
      name: '\u202e\u0000',
      phone: '138****0000',
      email: 'nobody',
      avatarUrl: 'javascript:alert(1)',
    };
    const { handOff } = await gateway().signIn({ ...odd, jobNumber: undefined, title: ' ' }, TRANSACTION, 'r');
    const { identity } = await claimsOf(handOff.location);
    expect(identity).toEqual({
      subject: 'union-1',
      name: '',
      departments: 'R&D',
      organization: 'ding-ours',
      phonePermission: 'Contact.User.mobile',
    });
    expect(storableAttributes(PERSON)).toMatchObject({ name: '张三', phone: '+8613800000000' });
  });
});

describe('A sign-in by ticket', () => {
  it('starts at the plugin of the right app, with what the person requested', () => {
    const begin = (app: string, wanted: object) => {
      const beginning = gateway({ app }).begin(undefined, { returnPath: undefined, ...wanted });
      return beginning.where === 'elsewhere' ? beginning.location.replace('https://app.example.com/nb', '') : 'here';
    };
    expect(begin('main', {})).toBe('/api/dingtalk:start?authenticator=dingtalk');
    expect(begin('branch', { returnPath: '/admin/x?a=1&b=2#c', organization: 'ding1' })).toBe(
      '/api/__app/branch/dingtalk:start?authenticator=dingtalk&redirect=%2Fadmin%2Fx%3Fa%3D1%26b%3D2%23c&flow=in-app&corpId=ding1',
    );
    expect(gateway().begin(CHALLENGE, { returnPath: undefined })).toEqual({ where: 'here', challenge: CHALLENGE });
  });

  it.each([[''], ['c'], [`${CHALLENGE}c`], [`${CHALLENGE}\n`], [[CHALLENGE, CHALLENGE]], [null], [{}]])(
    'does not start with %j as a challenge',
    (challenge) => {
      expect(() => gateway().begin(challenge, { returnPath: undefined })).toThrow(/invalid_request/);
    },
  );

  it('shows its failure in NocoBase if it started there, and only then', () => {
    const error = { code: 'access_denied', requestId: 'r' } as const;
    const failed = gateway({ app: 'branch' }).errorUrl(
      { ...TRANSACTION, returnPath: '/v/admin/x' as ReturnPath },
      error,
    );
    expect(failed).toBe(
      signInErrorUrl({ nocobaseUrl: 'https://app.example.com/nb', app: 'branch' }, error, '/v/admin/x'),
    );
    expect(gateway().errorUrl({ ...TRANSACTION, challenge: undefined }, error)).toBeUndefined();
  });
});
