import { ANY, attention, failed, type Finding } from '../../core/doctor/index.js';
import { NO_ANSWER_HERE } from '../texts/public-addresses.js';

/**
 * An address for browsers that cannot be reached from this machine.
 *
 * @param name of the setting that contains the address
 */
export function cannotConnect(name: string, url: string, code: string): Finding {
  const what = ANY.doesNotAnswer(url, code);
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return failed(what, NO_ANSWER_HERE.badTimes);
  }
  if (/CERT|SELF_SIGNED|ALTNAME|SSL|TLS|ISSUER|VERIFY|EPROTO/.test(code)) {
    return failed(what, NO_ANSWER_HERE.badCertificate);
  }
  if (code === 'ETIMEDOUT' || code === 'ENETUNREACH' || code === 'EHOSTUNREACH') {
    return attention(what, NO_ANSWER_HERE.maybeKeptFromHere);
  }
  return failed(what, NO_ANSWER_HERE.lookAtSetting(name));
}
