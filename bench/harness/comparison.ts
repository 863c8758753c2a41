import { z } from 'zod';

const spread = z.object({ median: z.number(), min: z.number(), max: z.number() });

/** The parts of a result file (`--json`) that a comparison needs. */
export const resultFile = z.object({
  commit: z.string(),
  node: z.string(),
  cpu: z.string(),
  workloads: z.record(
    z.string(),
    z.object({
      title: z.string(),
      contestants: z.record(z.string(), z.object({ perCpuSecond: spread, p50Ms: spread, p99Ms: spread })).optional(),
      numbers: z.record(z.string(), z.number()).optional(),
      targets: z.array(z.object({ name: z.string(), measured: spread })),
    }),
  ),
});

type ResultFile = z.output<typeof resultFile>;

/**
 * New against old, one per line: contestants as ratios, which should come from the same machine; targets, which are ratios already,
 * with both values.
 */
export function comparison(before: ResultFile, now: ResultFile): string[] {
  const isSameMachine = before.node === now.node && before.cpu === now.cpu;
  return [
    `${before.commit} -> ${now.commit}`,
    ...(isSameMachine ? [] : ['measured on different machines or Node versions: only the targets can be compared']),
    ...Object.entries(now.workloads).flatMap(([id, { title, contestants = {}, numbers = {}, targets }]) => {
      const old = before.workloads[id];
      if (old === undefined) return [];
      return [
        `${id}. ${title}`,
        ...Object.entries(contestants).flatMap(([name, summary]) => {
          const was = old.contestants?.[name];
          if (was === undefined) return [];
          const ratio = (key: 'perCpuSecond' | 'p50Ms' | 'p99Ms'): string =>
            (summary[key].median / was[key].median).toFixed(3);
          return [
            `  ${name}: per CPU second x ${ratio('perCpuSecond')}, p50 x ${ratio('p50Ms')}, p99 x ${ratio('p99Ms')}`,
          ];
        }),
        ...Object.entries(numbers).flatMap(([name, value]) => {
          const was = old.numbers?.[name];
          return was === undefined || was === value
            ? []
            : [`  ${name}: ${was.toPrecision(4)} -> ${value.toPrecision(4)}`];
        }),
        ...targets.flatMap(({ name, measured }) => {
          const was = old.targets.find((one) => one.name === name);
          return was === undefined
            ? []
            : [`  ${name}: ${was.measured.median.toFixed(3)} -> ${measured.median.toFixed(3)}`];
        }),
      ];
    }),
  ];
}
