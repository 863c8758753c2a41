import type { Context } from '@nocobase/server';

/** The parameters of a start that its redirects pass on, as they were given; one that is repeated is dropped. */
export function keptQuery({ query }: Pick<Context, 'query'>, names: readonly string[]): URLSearchParams {
  const kept = names.map((name) => [name, query[name]] as const);
  return new URLSearchParams(kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
