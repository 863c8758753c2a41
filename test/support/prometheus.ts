/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gateway's metrics for Prometheus. */
export class Scrape {
  readonly samples: readonly Sample[];

  constructor(readonly text: string) {
    this.samples = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        if (name === '') throw new Error(`not Prometheus text: ${line}`);
        const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]);
        return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
      });
  }

  static async of(gatewayUrl: string): Promise<Scrape> {
    const response = await fetch(`${gatewayUrl}/metrics`);
    if (!response.ok) throw new Error(`/metrics: HTTP ${response.status}`);
    return new Scrape(await response.text());
  }

  /** The sum of all series of that name that have at least these labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.samples
      .filter((sample) => sample.name === name)
      .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }
}
