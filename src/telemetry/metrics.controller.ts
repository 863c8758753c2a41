import { Controller, Get, Header, Inject } from '@nestjs/common';

/** The source of the metrics. */
export interface MetricsSource {
  text(): Promise<string>;
}

export const METRICS_SOURCE = Symbol('METRICS_SOURCE');

/** For Prometheus. Counts and durations only, but still internal: a proxy must not forward it. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_SOURCE) private readonly metrics: MetricsSource) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  async show(): Promise<string> {
    return this.metrics.text();
  }
}
