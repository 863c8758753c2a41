import { REQUESTS_PER_MINUTE } from '../../../../src/core/settings/form-rules.js';
import type { FormField } from '../form-field.js';
import { problemWithCodePattern, problemWithRequestsPerMinute, problemWithTrustedProxies } from '../rules.js';

/** What NocoBase refuses where it signs people in by itself. */
export const limits: readonly FormField[] = [
  {
    path: ['trustedProxies'],
    label: 'Trusted proxies',
    help: 'Proxies in front of NocoBase whose X-Forwarded-For counts: IP addresses, CIDR ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal. Without them everybody behind a proxy counts as one address. Press Enter after each.',
    control: 'List',
    onlyBy: 'nocobase',
    initial: [],
    problem: problemWithTrustedProxies,
  },
  {
    path: ['requestsPerMinute'],
    label: 'Requests per minute and address',
    help: 'How many may start or finish a sign-in, at each node of NocoBase. 0: no limit.',
    control: 'Count',
    onlyBy: 'nocobase',
    required: true,
    initial: REQUESTS_PER_MINUTE,
    problem: problemWithRequestsPerMinute,
  },
  {
    path: ['codePattern'],
    label: 'Pattern of codes',
    help: "What DingTalk's codes look like, such as [0-9a-f]{32}: others are refused, and DingTalk is not asked. Empty: any code is sent.",
    control: 'Line',
    onlyBy: 'nocobase',
    initial: '',
    problem: problemWithCodePattern,
  },
];
