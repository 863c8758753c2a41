// Writes authenticators.schema.json from the schema that the file is checked with: `npm run schema`.
import { writeFileSync } from 'node:fs';
import { authenticatorsJsonSchema } from '../dist/authenticators/index.js';

const target = new URL('../authenticators.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(authenticatorsJsonSchema(), undefined, 2)}\n`);
