import { REQUESTS_PER_MINUTE } from '../../../../src/core/settings/form-rules.js';
import type { FormField } from '../form-field.js';
import { problemWithCodePattern, problemWithRequestsPerMinute, problemWithTrustedProxies } from '../rules.js';

/** Requests that NocoBase refuses if it signs people in by itself. */
export const limits: readonly FormField[] = [
  {
    path: ['trustedProxies'],
    label: 'Trusted proxies',
    help: 'Proxies in front of NocoBase whose X-Forwarded-For is trusted: IP addresses, CIDR ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal. If none are entered, everyone behind a proxy is treated as one address. Press Enter after each.',
    control: 'List',
    onlyBy: 'nocobase',
    initial: [],
    problem: problemWithTrustedProxies,
  },
  {
    path: ['requestsPerMinute'],
    label: 'Requests per minute per address',
    help: 'How many requests may start or finish a sign-in, on each node of NocoBase. 0: no limit.',
    control: 'Count',
    onlyBy: 'nocobase',
    required: true,
    initial: REQUESTS_PER_MINUTE,
    problem: problemWithRequestsPerMinute,
  },
  {
    path: ['codePattern'],
    label: 'Pattern of codes',
    help: "The format of DingTalk's authorization codes, such as [0-9a-f]{32}. Other codes are refused without asking DingTalk. Empty: every code is sent.",
    control: 'Line',
    onlyBy: 'nocobase',
    initial: '',
    problem: problemWithCodePattern,
  },
];
