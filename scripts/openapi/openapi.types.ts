import type { ErrorCode } from '../../src/core/errors/index.js';

/** The parts of OpenAPI 3.0 that our table uses (https://spec.openapis.org/oas/v3.0.3). */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly nullable?: boolean;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
}

export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** What the code itself cannot say about a route. */
export interface RouteDescription {
  readonly tag: 'Sign-in' | 'Operation';
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Answer & { readonly required: boolean };
  /** By status, the route's successful responses. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The error codes that it may answer with; statuses and bodies follow from them. */
  readonly errors?: readonly ErrorCode[];
}

/** `GET /path`, without the path of `PUBLIC_URL`; parameters as `{name}`. */
export type RouteKey = `${'GET' | 'HEAD' | 'POST'} /${string}`;
