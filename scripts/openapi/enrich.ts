import type { RouteDescription, RouteKey } from './openapi.types.js';
import { errorAnswers, SCHEMAS } from './schemas.js';

/** What the scanner of `@nestjs/swagger` finds in the controllers by itself. */
export interface ScannedDocument {
  /** By path, the operations by method. */
  readonly paths: Readonly<Record<string, object>>;
}

interface ScannedOperation {
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
}

/**
 * The scanned routes with the descriptions from our table. Neither side may have more routes than the other: a document that omits
 * a route, or promises one that no longer exists, is worse than none.
 *
 * @throws Error that names the row to add to, change in, or remove from the table
 */
export function enrich(
  scanned: ScannedDocument,
  table: Readonly<Record<RouteKey, RouteDescription>>,
  version: string,
): object {
  const left = new Map<string, RouteDescription>(Object.entries(table));
  const paths: Record<string, Record<string, object>> = {};
  for (const [path, operations] of Object.entries(scanned.paths)) {
    for (const [method, operation] of Object.entries<ScannedOperation>({ ...operations })) {
      const key = `${method.toUpperCase()} ${path}`;
      const row = left.get(key);
      if (row === undefined)
        throw new Error(`'${key}' is not described: add a row for it to scripts/openapi/routes.ts`);
      left.delete(key);
      refuseUnknownParameters(key, operation, row);
      paths[path] = { ...paths[path], [method]: described(key, row) };
    }
  }
  for (const key of left.keys())
    throw new Error(`'${key}' does not exist: remove its row from scripts/openapi/routes.ts`);
  return {
    openapi: '3.0.3',
    info: {
      title: 'NocoBase DingTalk gateway',
      description:
        'Signs people in to NocoBase with DingTalk. Errors are pages, or JSON with `Accept: application/json`. Only scripts may be cached.',
      version,
      license: { name: 'MIT' },
    },
    servers: [{ url: 'https://sso.example.com', description: 'PUBLIC_URL' }],
    tags: [
      { name: 'Sign-in', description: 'Used by browsers.' },
      { name: 'Operation', description: 'Used by probes and tools.' },
    ],
    paths,
    components: { schemas: SCHEMAS },
  };
}

function refuseUnknownParameters(key: string, operation: ScannedOperation, row: RouteDescription): void {
  for (const { name, in: place } of operation.parameters ?? []) {
    if (!row.parameters?.some((known) => known.name === name && known.in === place)) {
      throw new Error(`'${key}' reads the ${place} parameter '${name}': describe it in scripts/openapi/routes.ts`);
    }
  }
}

function described(key: string, row: RouteDescription): object {
  const { tag, summary, description, parameters, requestBody, answers, errors } = row;
  return {
    operationId: operationId(key),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...answers, ...errorAnswers(errors ?? []) },
  };
}

/** `GET /health/live` becomes `getHealthLive`: the names of our classes are not part of the API. */
function operationId(key: string): string {
  const [method = '', ...words] = key.toLowerCase().match(/[a-z]+/g) ?? [];
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}
