import { COMPANIES, type Measured, type Plan, plan, SCENARIOS } from './plan.js';

/** A row of the measured table: description, the letter of the quantity, a number and its unit. */
const MEASURED = /^(\| [^|\n]+ \| `(\w)` \| )([\d.]+)( \S+ \|)$/gm;
/** Heading and separator of a computed table, followed by its rows. */
const COMPUTED = /(<!-- computed: (\w+) -->\n\|[^\n]*\n\|[^\n]*\n)[\s\S]*?(<!-- computed: end -->)/g;

/** @throws if the page has no such row */
export function measuredIn(page: string): Measured {
  const values = new Map([...page.matchAll(MEASURED)].map(([, , letter = '', value]) => [letter, Number(value)]));
  const of = (letter: string): number => {
    const value = values.get(letter);
    if (value === undefined) throw new Error(`the measured table has no row ${letter}`);
    return value;
  };
  return { gatewayMs: of('g'), nocobaseMs: of('n') };
}

/** The page with new figures in its measured table. @param values by the letter of their row */
export function withMeasured(page: string, values: ReadonlyMap<string, number>): string {
  return page.replace(MEASURED, (row, before: string, letter: string, _old: string, unit: string) => {
    const value = values.get(letter);
    return value === undefined ? row : `${before}${Number(value.toPrecision(2))}${unit}`;
  });
}

/** The page with the tables that are computed from its measured one. */
export function withComputed(page: string): string {
  const measured = measuredIn(page);
  return page.replace(COMPUTED, (_all, heading: string, scenario: string, end: string) => {
    const assumed = SCENARIOS[scenario];
    if (assumed === undefined) throw new Error(`there is no scenario ${scenario}`);
    const rows = COMPANIES.map((people) => row(plan(people, measured, assumed)));
    return `${heading}${rows.join('\n')}\n${end}`;
  });
}

function row(planned: Plan): string {
  const cells = [
    whole(planned.people),
    short(planned.perSecond),
    short(planned.gatewayCpus),
    whole(planned.gatewayProcesses),
    short(planned.nocobaseCpus),
    whole(planned.nocobaseProcesses),
    whole(planned.applications),
    short(planned.minutesForAll),
  ];
  return `| ${cells.join(' | ')} |`;
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** Two significant digits: the assumptions are no more precise. */
function short(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 5 });
}
