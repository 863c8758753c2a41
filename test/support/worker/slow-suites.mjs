/**
 * What takes longest, the longest first: a suite of minutes that begins last leaves the other worker without work. A fresh
 * machine has no durations that Jest could go by. From the list that each run prints at its end.
 */
export const SLOW_SUITES = [
  'test/nocobase-plugin-client.browser.e2e-spec.ts',
  'test/nocobase-plugin-path.browser.e2e-spec.ts',
  'test/deployment.spec.ts',
  'test/proxy.e2e-spec.ts',
  'test/plugin-alone.browser.e2e-spec.ts',
  'test/demo.e2e-spec.ts',
  'test/contracts/real-nocobase.e2e-spec.ts',
  'test/callback-attacks.e2e-spec.ts',
  'test/doctor.e2e-spec.ts',
  'test/in-app-client.e2e-spec.ts',
  'test/nocobase-plugin-redeem.browser.e2e-spec.ts',
  'test/in-app.browser.e2e-spec.ts',
  'test/leavers.browser.e2e-spec.ts',
  'test/browser.e2e-spec.ts',
  'test/nocobase-plugin-settings.e2e-spec.ts',
  'test/nocobase-plugin-installed.e2e-spec.ts',
  'test/ticket.e2e-spec.ts',
  'test/nocobase-plugin.e2e-spec.ts',
  'test/sign-in.e2e-spec.ts',
  'test/observability.e2e-spec.ts',
  'test/bench.spec.ts',
];
