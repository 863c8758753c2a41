import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The same as `docs/openapi.json`; the build copies it to `dist`. */
const FILE = new URL('../openapi/openapi.json', import.meta.url);

const documentShape = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

/** The document as it was generated, with the address of this gateway. @throws when the file is not there */
export function shippedDocument(publicUrl: string): object {
  const document = documentShape.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  return { ...document, servers: [{ url: publicUrl }] };
}
