import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** `docs/openapi.json`, which the build copies; the same from `src/openapi/`, `dist/openapi/` and `dist/program/`. */
const FILE = new URL('../../dist/openapi.json', import.meta.url);

const documentShape = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

/** The generated document, with the address of this gateway. @throws if the file does not exist */
export function shippedDocument(publicUrl: string): object {
  const document = documentShape.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  return { ...document, servers: [{ url: publicUrl }] };
}
