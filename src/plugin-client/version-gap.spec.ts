import { shownVersion, versionGap } from './version-gap.js';

describe('Versions of gateway and plugin', () => {
  it.each([
    ['1.2.3', '1.2.3', undefined],
    ['1.2.3', '1.2.2', 'plugin_older'],
    ['1.10.0', '1.9.9', 'plugin_older'],
    ['2.0.0', '1.99.99', 'plugin_older'],
    ['0.1.0', '0.2.0', 'gateway_older'],
    ['0.9.9', '1.0.0', 'gateway_older'],
    ['0.1.0', '0.1.0-rc.1', 'different'],
    ['0.1.0', '0.2.0-rc.1', 'gateway_older'],
    ['0.1.0', 'of somebody else', 'different'],
    ['0.1.0', '', 'different'],
    ['0.1.0', '0.2', 'different'],
    ['0.1.0', '0.2.0.0', 'different'],
  ])('%s and %s: %s', (gateway, plugin, gap) => {
    expect(versionGap(gateway, plugin)).toBe(gap);
  });

  it('are shown only if they can be versions', () => {
    expect(['1.2.3-rc.1+5', '1\n2', '<b>', '', '1'.repeat(65)].map(shownVersion)).toEqual([
      '1.2.3-rc.1+5',
      '?',
      '?',
      '?',
      '?',
    ]);
  });
});
