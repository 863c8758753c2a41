import { readdirSync, readFileSync } from 'node:fs';

// Nest 12 contains only ES modules, some of its plugins only CommonJS. Jest's ESM mode cannot load both together, so every ES
// module, ours and those in node_modules, is transformed to CommonJS for the tests.
const modules = new URL('./node_modules/', import.meta.url);
const packages = readdirSync(modules).flatMap((name) =>
  name.startsWith('@')
    ? readdirSync(new URL(`${name}/`, modules)).map((scoped) => `${name}/${scoped}`)
    : name.startsWith('.')
      ? []
      : [name],
);
const esModules = packages.filter((name) => {
  try {
    return JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8')).type === 'module';
  } catch {
    return false;
  }
});

// CommonJS, but it loads `http` with `import()`, which Jest supports only in its ESM mode.
esModules.push('@opentelemetry/otlp-exporter-base');

const swc = (parser, transform = {}) => [
  '@swc/jest',
  { jsc: { parser, transform, target: 'es2022', keepClassNames: true }, module: { type: 'commonjs' } },
];

/** Suites that only use HTTP with their own gateway, which may therefore also be the shipped program. */
const SIGN_IN_SUITES = ['sign-in', 'sign-in-gateway', 'in-app', 'ticket', 'callback-attacks'].map(
  (name) => `/test/${name}\\.e2e-spec\\.ts$`,
);
const FAST = ['/(?:src|sandbox)/.*\\.spec\\.ts$', '/test/(?:contracts/.*|architecture|sign-in)\\.(?:e2e-)?spec\\.ts$'];
/** Suites that always start `dist/main.js`. */
const PROCESS_SUITES = ['/test/(?:cli/.*|configuration|process)\\.e2e-spec\\.ts$'];
/** Suites that measure time, in the product's own seconds. */
const TIMED = ['\\.timed\\.(?:e2e-)?spec\\.ts$', '/test/overload\\.e2e-spec\\.ts$'];
const ANY = '\\.(?:e2e-)?spec\\.ts$';

/** @type {import('@jest/types').Config.InitialProjectOptions} */
const common = {
  testEnvironment: '<rootDir>/test/support/worker/environment.mjs',
  globalSetup: '<rootDir>/test/support/worker/run-folder.mjs',
  globalTeardown: '<rootDir>/test/support/worker/remove-run-folder.mjs',
  roots: ['<rootDir>/src', '<rootDir>/nocobase-plugin/src', '<rootDir>/test', '<rootDir>/sandbox'],
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(?:${esModules.join('|')})/)`],
  transform: {
    '\\.ts$': swc({ syntax: 'typescript', decorators: true }, { legacyDecorator: true, decoratorMetadata: true }),
    '\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
};

/** @type {import('jest').Config} */
export default {
  projects: [
    // What `npm test` runs first: units, contracts and sign-ins, from source.
    { ...common, displayName: 'fast', testRegex: FAST, testPathIgnorePatterns: TIMED },
    // The compiled program, and sign-ins against it.
    {
      ...common,
      displayName: 'program',
      testRegex: [...SIGN_IN_SUITES, ...PROCESS_SUITES],
      globals: { gatewayIsProgram: true },
    },
    {
      ...common,
      displayName: 'rest',
      testRegex: [ANY],
      testPathIgnorePatterns: [...TIMED, ...FAST, ...PROCESS_SUITES],
    },
    // Suites that measure time, one after another, with nothing in parallel.
    {
      ...common,
      displayName: 'timed',
      testRegex: TIMED,
      runner: '<rootDir>/test/support/worker/one-at-a-time.mjs',
    },
  ],
  testSequencer: '<rootDir>/test/support/worker/changed-first.mjs',
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/**/*.spec.ts'],
  coverageProvider: 'v8',
  maxWorkers: 2,
  // Only ends what hangs, and measures nothing: a busy machine takes three times as long.
  testTimeout: 60_000,
};
