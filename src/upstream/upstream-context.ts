import { NestFactory } from '@nestjs/core';
import { UpstreamHttpClient, UpstreamModule } from './upstream-http.client.js';

/** Lends the HTTP client to what is no part of an application, such as a command. */
export async function withUpstream<T>(work: (http: UpstreamHttpClient) => Promise<T>): Promise<T> {
  const context = await NestFactory.createApplicationContext(UpstreamModule, { logger: false });
  try {
    return await work(context.get(UpstreamHttpClient));
  } finally {
    await context.close();
  }
}
