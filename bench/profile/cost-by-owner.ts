import type { Profiler } from 'node:inspector';

export interface Cost {
  readonly name: string;
  /** Microseconds of the whole profile. */
  readonly microseconds: number;
}

export interface Costs {
  /** By package, or room of the gateway. Node's work on behalf of one is counted as its own. */
  readonly owners: readonly Cost[];
  /** By function, self time only. */
  readonly functions: readonly Cost[];
  readonly total: number;
}

const IDLE = new Set(['(idle)', '(root)']);

/** Who used the time. Node's own code is attributed to its caller; without a caller, to Node. */
export function costs({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Costs {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const ownerOf = (id: number | undefined): string => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const owner = nameOf(byId.get(at)!.callFrame);
      if (owner !== undefined) return owner;
    }
    return 'Node: sockets, HTTP parser, timers, streams';
  };
  const owners = new Map<string, number>();
  const functions = new Map<string, number>();
  samples.forEach((id, index) => {
    const { callFrame } = byId.get(id)!;
    if (IDLE.has(callFrame.functionName) || isTheProfilers(callFrame)) return;
    const microseconds = timeDeltas[index] ?? 0;
    add(owners, ownerOf(id), microseconds);
    add(functions, `${callFrame.functionName || '(anonymous)'} ${place(callFrame)}`.trim(), microseconds);
  });
  const sorted = (all: ReadonlyMap<string, number>): Cost[] =>
    [...all]
      .map(([name, microseconds]) => ({ name, microseconds }))
      .toSorted((a, b) => b.microseconds - a.microseconds);
  return {
    owners: sorted(owners),
    functions: sorted(functions),
    total: [...owners.values()].reduce((sum, each) => sum + each, 0),
  };
}

/** @returns undefined for Node's own code */
function nameOf({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)') return 'outside of JavaScript';
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (name !== undefined) return name;
  const [, room] = /\/dist\/((?:core|web|plugin-client)\/[^/]+|[^/]+)/.exec(url) ?? [];
  return room === undefined ? undefined : `src/${room.replace(/\.js$/, '.ts')}`;
}

/** The inspector's call that starts and ends the profile. */
function isTheProfilers({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): boolean {
  return functionName === 'dispatch' && url === '';
}

function place({ url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  return url === '' ? '' : `${url.replace(/^file:.*\/(?:node_modules|dist)\//, '')}:${lineNumber + 1}`;
}

function add(to: Map<string, number>, name: string, microseconds: number): void {
  to.set(name, (to.get(name) ?? 0) + microseconds);
}
