// Writes authenticators.schema.json from the guard that reads the file: `npm run schema`.
import { writeFileSync } from 'node:fs';
import { authenticatorsJsonSchema } from '../dist/authenticators/index.js';

const target = new URL('../authenticators.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(authenticatorsJsonSchema(), undefined, 2)}\n`);
