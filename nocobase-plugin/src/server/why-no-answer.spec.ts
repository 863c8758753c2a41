import { codeOf, noAnswer, UnexpectedAnswerError } from './why-no-answer.js';

const failed = (cause: object): Error => new TypeError('fetch failed', { cause });
const withCode = (code: string): Error => Object.assign(new Error('SECRET of the answer'), { code });

describe('The reason why a gateway gave no useful answer', () => {
  it.each<[unknown, string, string]>([
    [failed(withCode('ECONNREFUSED')), 'ECONNREFUSED', 'gateway_refuses'],
    [failed(withCode('ENOTFOUND')), 'ENOTFOUND', 'gateway_name_unknown'],
    [failed(withCode('EAI_AGAIN')), 'EAI_AGAIN', 'gateway_name_unknown'],
    [failed(withCode('DEPTH_ZERO_SELF_SIGNED_CERT')), 'DEPTH_ZERO_SELF_SIGNED_CERT', 'gateway_certificate'],
    [failed(withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE')), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'gateway_certificate'],
    [failed(withCode('CERT_HAS_EXPIRED')), 'CERT_HAS_EXPIRED', 'gateway_certificate'],
    [failed(withCode('ERR_TLS_CERT_ALTNAME_INVALID')), 'ERR_TLS_CERT_ALTNAME_INVALID', 'gateway_certificate'],
    [failed(withCode('UND_ERR_CONNECT_TIMEOUT')), 'UND_ERR_CONNECT_TIMEOUT', 'gateway_silent'],
    [AbortSignal.abort(new DOMException('late', 'TimeoutError')).reason, 'ETIMEDOUT', 'gateway_silent'],
    [failed(withCode('EHOSTUNREACH')), 'EHOSTUNREACH', 'gateway_silent'],
    [failed(withCode('EPROTO')), 'EPROTO', 'gateway_unreachable'],
    [failed(new Error('unexpected redirect')), 'HTTP 3xx', 'gateway_other_answer'],
    [new UnexpectedAnswerError(404), 'HTTP 404', 'gateway_not_found'],
    [new UnexpectedAnswerError(200), 'HTTP 200', 'gateway_other_answer'],
    [failed(withCode('<b>not a code</b>')), 'no answer', 'gateway_unreachable'],
    ['whatever', 'no answer', 'gateway_unreachable'],
    [undefined, 'no answer', 'gateway_unreachable'],
  ])('is, for %s, reported as %s', (error, code, cause) => {
    expect(codeOf(error)).toBe(code);
    const context = { t: (key: string) => `${key}: {address} says {code}` };
    const refusal = noAnswer(context as never, 'http://gateway:3000/$&', error);
    expect(refusal).toMatchObject({
      status: 502,
      code: cause,
      message: `error.${cause}: http://gateway:3000/$& says ${code}`,
    });
  });
});
