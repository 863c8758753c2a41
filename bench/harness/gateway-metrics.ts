import { request } from 'undici';

/**
 * The sum of one of the gateway's own metrics (`GET /metrics`), over all series whose labels include `having`.
 * https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
 */
export async function metric(gatewayUrl: string, name: string, having = ''): Promise<number> {
  const { body } = await request(`${gatewayUrl}/metrics`);
  const series = (await body.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(having));
  return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
