// Writes the OpenAPI document from the routes of the built gateway: `npm run openapi`. With `--stdout` it only prints.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { createGateway } from '../dist/app.setup.js';
import { enrich } from '../dist/openapi/enrich.js';
import { ROUTES } from '../dist/openapi/routes.js';
import { readSettings } from '../dist/settings.js';

/** Nothing is called: the application is only put together. Every route that a variable switches on is on. */
const settings = readSettings({
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
const silent = { log() {}, warn() {}, error() {} };
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

// One for people, and one that the build takes along and the gateway serves.
const built = new URL('../dist/openapi/openapi.json', import.meta.url);
const files = ['../docs/openapi.json', '../src/openapi/openapi.json'].map((path) => new URL(path, import.meta.url));
const onlyPrint = process.argv.includes('--stdout');
// The gateway reads the built one when it starts: one that is full of merge conflicts must not keep it away.
if (!onlyPrint) writeFileSync(built, '{ "openapi": "3.0.3", "paths": {} }\n');

const gateway = await createGateway(settings, silent);
await gateway.init();
const scanned = SwaggerModule.createDocument(gateway, new DocumentBuilder().build());
await gateway.close();

const text = `${JSON.stringify(enrich(scanned, ROUTES, version), undefined, 2)}\n`;
if (onlyPrint) process.stdout.write(text);
else for (const file of [...files, built]) writeFileSync(file, text);
