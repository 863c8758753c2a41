import type { DingTalkContext } from '../dingtalk-context.js';
import type { Probe } from '../probe.js';
import { consentProbe, credentialsProbe, egressProbe, memberPermissionProbe } from './dingtalk-application.probe.js';
import { hostProbes } from './dingtalk-hosts.probe.js';
import { LEAVER_PROBES } from './leavers.probe.js';
import { organizationProbe } from './dingtalk-organization.probe.js';
import { redirectProbe } from './dingtalk-redirect.probe.js';

/** What every host asks DingTalk, in the order of a sign-in. */
export const DINGTALK_PROBES: readonly Probe<DingTalkContext>[] = [
  ...hostProbes,
  credentialsProbe,
  egressProbe,
  organizationProbe,
  redirectProbe,
  memberPermissionProbe,
  consentProbe,
  ...LEAVER_PROBES,
];
