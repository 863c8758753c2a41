import type { Settings } from '../../settings.js';
import type { Patient } from '../patient.js';
import type { Probe } from '../probe.js';
import { clockProbe } from './clock.probe.js';
import { consentProbe, credentialsProbe, egressProbe, memberPermissionProbe } from './dingtalk-application.probe.js';
import { hostProbes } from './dingtalk-hosts.probe.js';
import { organizationProbe } from './dingtalk-organization.probe.js';
import { redirectProbe } from './dingtalk-redirect.probe.js';
import { handOffProbe } from './hand-off.probe.js';
import { jwtSecretProbe } from './nocobase-jwt-secret.probe.js';
import { fieldsProbe } from './nocobase-fields.probe.js';
import { keyProbe } from './nocobase-key.probe.js';
import { nocobasePublicUrlProbe } from './nocobase-public-url.probe.js';
import { reachableProbe } from './nocobase-reachable.probe.js';
import { rightsProbe } from './nocobase-rights.probe.js';
import { authenticatorProbe, newUserRolesProbe } from './nocobase-rows.probe.js';
import { publicUrlProbe } from './public-url.probe.js';
import { redisProbe } from './redis.probe.js';
import { secretsProbe } from './secrets.probe.js';

/** Of the gateway as a whole. */
export const GATEWAY_PROBES: readonly Probe<Settings>[] = [secretsProbe, redisProbe, publicUrlProbe];

/** Of each authenticator, in the order of a sign-in. */
export const AUTHENTICATOR_PROBES: readonly Probe<Patient>[] = [
  clockProbe,
  ...hostProbes,
  credentialsProbe,
  egressProbe,
  organizationProbe,
  redirectProbe,
  memberPermissionProbe,
  consentProbe,
  reachableProbe,
  keyProbe,
  rightsProbe,
  fieldsProbe,
  jwtSecretProbe,
  authenticatorProbe,
  newUserRolesProbe,
  handOffProbe,
  nocobasePublicUrlProbe,
];
