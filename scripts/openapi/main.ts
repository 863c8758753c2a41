// Writes docs/openapi.json from the routes of the gateway: `npm run openapi`.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { openApiText } from './document.js';

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
writeFileSync('docs/openapi.json', await openApiText(version));
