import type { Exchange } from '../../core/doctor/index.js';
import { DoctorContext, PluginContext } from '../doctor-context.js';
import { clockProbe } from './clock.probe.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

/** A context with clocks that are ahead of ours by these seconds. */
function context(kind: typeof DoctorContext | typeof PluginContext, nocobase: number, dingtalk: number): DoctorContext {
  const said = (seconds: number) => async () =>
    ({ headers: { date: new Date(NOW + seconds * 1000).toUTCString() }, receivedAt: NOW }) as unknown as Exchange;
  return Object.assign(Object.create(kind.prototype) as object, {
    nocobase: { anonymousCheck: said(nocobase) },
    dingtalk: { frontDoor: said(dingtalk) },
  }) as unknown as DoctorContext;
}

describe('The clocks', () => {
  it.each<[typeof DoctorContext | typeof PluginContext, number, number, string]>([
    [PluginContext, 0, 0, 'ok'],
    [PluginContext, 4, 0, 'ok'],
    [PluginContext, 5, 0, 'attention'],
    [PluginContext, -5, 0, 'attention'],
    [PluginContext, 60, 0, 'attention'],
    [PluginContext, -60, -20, 'attention'],
    [PluginContext, 61, 0, 'failed'],
    [PluginContext, -61, 0, 'failed'],
    [PluginContext, 0, 31, 'failed'],
    [DoctorContext, 30, 0, 'ok'],
    [DoctorContext, 31, 0, 'failed'],
  ])('of %p, NocoBase %d s and DingTalk %d s ahead, are %s', async (kind, nocobase, dingtalk, status) => {
    expect(await clockProbe.run(context(kind, nocobase, dingtalk))).toMatchObject({ status });
  });

  it.each([
    [119, 'is 119 s ahead of this machine', '快 119 秒'],
    [-599, 'is 10 minutes behind this machine', '慢 10 分钟'],
    [7200, 'is 2 hours ahead of this machine', '快 2 小时'],
    [-34_560_000, 'is 400 days behind this machine', '慢 400 天'],
  ])('off by %d s are reported in a readable unit', async (seconds, en, zh) => {
    const { detail } = await clockProbe.run(context(DoctorContext, seconds, 0));
    expect(detail.en).toContain(`NocoBase ${en},`);
    expect(detail.zh).toContain(zh);
  });

  it('are named, with the plugin’s tolerance', async () => {
    const theirs = await clockProbe.run(context(PluginContext, 20, 0));
    expect(theirs.detail.en).toMatch(/NocoBase is 20 s ahead of this machine.*more than 60 s/);
    expect(theirs.detail.zh).toMatch(/快 20 秒.*60 秒/);
    expect(theirs.fix?.en).toContain("NocoBase's machine");
    const ours = await clockProbe.run(context(PluginContext, 20, 20));
    expect(ours.fix?.en).toContain("this machine's clock");
  });
});
