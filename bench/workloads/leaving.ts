import { percentile, spread } from '../harness/statistics.js';
import { target } from '../harness/target.js';
import type { Outcome, Workload } from '../harness/workload.js';
import { withPlaces } from '../leaving/places.js';
import { employees, leave, type Out } from '../leaving/until-out.js';

const LEAVERS = 300;
/** Targets: at the node that processes the event, and at the other one. */
const FIRST_MS = 5000;
const OTHER_MS = 30_000;

/** How long a leaver's session remains usable. */
export const leaving: Workload = {
  id: 'j',
  title: "from the event of a person's leaving to the first 401 for their session",
  async run(bench) {
    const count = bench.quick ? 5 : LEAVERS;
    bench.say('  a NocoBase of two nodes: starting …');
    const found = await withPlaces(bench, 2 * count, async (places) => {
      const [byThemselves, byGateway] = [
        await employees(places, 'alone', count),
        await employees(places, 'gateway', count),
      ];
      bench.say(`  ${2 * count} people have signed in; now they leave`);
      const alone = await leave(places, byThemselves);
      await places.handOver();
      return outcome({ 'plugin alone': alone, 'with a gateway': await leave(places, byGateway) });
    });
    return typeof found === 'string' ? { targets: [], skipped: found } : found;
  },
};

export function outcome(measured: Readonly<Record<string, readonly Out[]>>): Outcome {
  const ways = Object.entries(measured).flatMap(([way, outs]) => [
    { name: `${way}: at the first node`, atMost: FIRST_MS, times: outs.map(({ firstMs }) => firstMs) },
    { name: `${way}: at both`, atMost: OTHER_MS, times: outs.map(({ bothMs }) => bothMs) },
  ]);
  return {
    targets: ways.map(({ name, atMost, times }) =>
      target(`${name}, p99 in ms`, spread([percentile(times, 99)]), { atMost }),
    ),
    numbers: Object.fromEntries(
      ways.flatMap(({ name, times }) => [
        [`${name}: people`, times.length],
        [`${name}: p50, ms`, percentile(times, 50)],
        [`${name}: highest, ms`, percentile(times, 100)],
      ]),
    ),
  };
}
