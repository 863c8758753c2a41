import { readdirSync, readFileSync } from 'node:fs';

// Nest 12 ships ES modules only, some of its plug-ins CommonJS only. Jest's ESM mode cannot load both together,
// so every ES module, ours and those in node_modules, is transformed to CommonJS for the tests.
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

// CommonJS, but it loads `http` with `import()`, which Jest has in its ESM mode only.
esModules.push('@opentelemetry/otlp-exporter-base');

const swc = (parser, transform = {}) => [
  '@swc/jest',
  { jsc: { parser, transform, target: 'es2022', keepClassNames: true }, module: { type: 'commonjs' } },
];

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/nocobase-plugin/src', '<rootDir>/test', '<rootDir>/sandbox'],
  testRegex: '\\.(e2e-)?spec\\.ts$',
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(?:${esModules.join('|')})/)`],
  transform: {
    '\\.ts$': swc({ syntax: 'typescript', decorators: true }, { legacyDecorator: true, decoratorMetadata: true }),
    '\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/**/*.spec.ts'],
  coverageProvider: 'v8',
  // Suites mostly wait for a NocoBase or a browser of their own. In CI one at a time: some measure time.
  maxWorkers: process.env.CI ? 1 : 2,
  testTimeout: 20_000,
};
