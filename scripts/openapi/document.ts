import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../../src/app.module.js';
import { readSettings } from '../../src/settings.js';
import { enrich } from './enrich.js';
import { ROUTES } from './routes.js';

/** Every route that a variable enables is enabled. */
const SETTINGS = readSettings({
  PUBLIC_URL: 'https://sso.example.com',
  AUTH_COOKIE_SECRET: 'only-to-put-the-application-together',
  DINGTALK_CLIENT_ID: 'none',
  DINGTALK_CLIENT_SECRET: 'none',
  NOCOBASE_URL: 'https://app.example.com',
  NOCOBASE_API_TOKEN: 'none',
  NOCOBASE_JWT_SECRET: 'none',
  METRICS_ENABLED: 'true',
  OPENAPI_ENABLED: 'true',
});

/**
 * The OpenAPI document as stored in `docs/openapi.json`. Nest's preview mode builds the application without instantiating
 * providers, so that nothing connects, and the previous document is not read.
 */
export async function openApiText(version: string): Promise<string> {
  const gateway = await NestFactory.create(AppModule.forRoot(SETTINGS), { preview: true, logger: false });
  const scanned = SwaggerModule.createDocument(gateway, new DocumentBuilder().build());
  return `${JSON.stringify(enrich(scanned, ROUTES, version), undefined, 2)}\n`;
}
