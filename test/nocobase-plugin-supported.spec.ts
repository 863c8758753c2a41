import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictOn } from '../nocobase-plugin/src/server/supported.js';

const at = (nocobase: string, more: { node?: string; app?: string } = {}) =>
  verdictOn({ nocobase, node: '20.20.2', app: 'main', ...more });
const packageOf = (path: string): { engines: { node: string }; peerDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(join(__dirname, '..', path), 'utf8')) as ReturnType<typeof packageOf>;

describe("The plugin's supported platform", () => {
  it.each(['2.0.0', '2.0.62', '2.1.0', '2.1.45', '2.2.0', '2.2.15', '2.2.0-beta.3'])('is NocoBase %s', (version) => {
    expect(at(version)).toEqual({ kind: 'good', why: '' });
  });

  it.each(['2.3.0', '2.10.1', '2.3.0-alpha.1'])(
    'is also %s, with a warning: an upgrade locks nobody out',
    (version) => {
      expect(at(version)).toEqual({ kind: 'untested', why: expect.stringContaining(version) });
    },
  );

  it.each(['1.9.74', '1.9.23', '3.0.0', '0.21.0', 'unknown'])('is not %s, and it says so', (version) => {
    expect(at(version)).toEqual({ kind: 'refused', why: `is for NocoBase 2.x, but this is NocoBase ${version}` });
  });

  it('does not include sub-apps of 2.0, which have no address', () => {
    expect(at('2.0.62', { app: 'branch' }).why).toBe(
      'needs NocoBase 2.1 or newer in a sub-app, but this is NocoBase 2.0.62',
    );
    expect(at('2.1.0', { app: 'branch' }).kind).toBe('good');
  });

  it.each([
    ['18.20.8', 'refused'],
    ['20.0.0', 'refused'],
    ['20.11.1', 'refused'],
    ['v20.9.0', 'refused'],
    ['unknown', 'refused'],
    // It works, so an update of the plugin must not lock anyone out.
    ['20.12.0', 'untested'],
    ['20.18.0', 'untested'],
  ])('is not Node.js %s (%s), and it says so', (node, kind) => {
    const why = `needs Node.js 20.18.1 or newer, but NocoBase runs on Node.js ${node}`;
    expect(at('2.2.15', { node })).toEqual({ kind, why });
  });

  it('is Node.js 20.18.1 and newer, as its package and that of undici also say', () => {
    for (const node of ['20.18.1', '20.18.10', '20.19.0', '22.0.0', '24.1.0']) {
      expect([node, at('2.2.15', { node }).kind]).toEqual([node, 'good']);
    }
    expect(packageOf('node_modules/undici/package.json').engines.node).toBe('>=20.18.1');
    const { engines, peerDependencies } = packageOf('nocobase-plugin/package.json');
    expect(engines.node).toBe('>=20.18.1');
    expect(new Set(Object.values(peerDependencies))).toEqual(new Set(['2.x']));
  });
});
