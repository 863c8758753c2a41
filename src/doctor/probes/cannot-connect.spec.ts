import { cannotConnect } from './cannot-connect.js';

describe('An address that cannot be reached', () => {
  it.each([
    ['CERT_NOT_YET_VALID', 'failed', /^First check this machine's clock/],
    ['CERT_HAS_EXPIRED', 'failed', /^First check this machine's clock/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'failed', /NODE_EXTRA_CA_CERTS/],
    ['ETIMEDOUT', 'attention', /browser/],
    ['ENOTFOUND', 'failed', /PUBLIC_URL/],
  ])('with %s is %s, and the finding says what to check first', (code, status, fix) => {
    const found = cannotConnect('PUBLIC_URL', 'https://sso.example.com', code);
    expect(found.status).toBe(status);
    expect(found.fix?.en).toMatch(fix);
    expect(found.fix?.zh).not.toBe('');
  });
});
