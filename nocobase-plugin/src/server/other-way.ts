import { everySetting } from './settings.js';
import type { SignInBy } from './sign-in-by.js';

/** The settings that apply to only one way of signing people in. */
const ONLY_FOR = {
  gateway: ['gatewayUrl', 'gatewayInternalUrl', 'gatewayKeys'],
  nocobase: ['trustedProxies', 'requestsPerMinute', 'codePattern'],
} as const satisfies Record<SignInBy, readonly (keyof typeof everySetting.shape)[]>;

/**
 * Settings of the way that is not selected are kept unchanged. An invalid one is dropped instead: its field is not shown, and it
 * has no effect.
 */
export function withoutWrongOfOtherWay(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { signInBy } = options;
  if (signInBy !== 'nocobase' && signInBy !== 'gateway') return { ...options };
  const others = ONLY_FOR[signInBy === 'nocobase' ? 'gateway' : 'nocobase'];
  const wrong = others.filter((key) => !everySetting.shape[key].safeParse(options[key]).success);
  return Object.fromEntries(Object.entries(options).filter(([key]) => !wrong.some((one) => one === key)));
}
