import { z } from 'zod';
import { nonEmptyString } from '../../core/accounts/index.js';
import { NocoBaseFilter } from '../../nocobase-client/index.js';
import type { UpstreamHttpClient } from '../../core/upstream/index.js';
import { NocoBaseAdmin } from './nocobase-admin.js';

/** A NocoBase with this many bindings, and this page size limit. */
async function nocobase(
  rows: number,
  { largestPage = 200, meta }: { largestPage?: number; meta: (pageSize: number) => object | undefined },
): Promise<{ admin: NocoBaseAdmin; pages: string[] }> {
  const pages: string[] = [];
  const http = {
    request: async ({ url, guard }: { url: string; guard: z.ZodType }): Promise<unknown> => {
      if (url.includes('auth:signIn')) return guard.parse({ data: { token: 'token' } });
      const query = new URL(url).searchParams;
      const [page, size] = [Number(query.get('page')), Math.min(Number(query.get('pageSize')), largestPage)];
      pages.push(query.get('page') ?? '');
      const data = Array.from({ length: rows }, (_, id) => ({ id })).slice((page - 1) * size, page * size);
      return guard.parse({ data, meta: meta(size) });
    },
  };
  const account = { url: 'http://nocobase', app: 'main', account: 'root', password: 'x' };
  return { admin: await NocoBaseAdmin.signIn(http as unknown as UpstreamHttpClient, account), pages };
}

describe('an administrator’s list', () => {
  const row = z.object({ id: z.number() });
  const read = async ({ admin }: { admin: NocoBaseAdmin }): Promise<number> => {
    const listed = await admin.list(
      'usersAuthenticators',
      NocoBaseFilter.equals('authenticator', nonEmptyString('dingtalk')),
      row,
    );
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    return listed.length;
  };

  it.each([0, 1, 199, 200, 201, 400, 450])(
    'contains all of %i records, whatever the reported number of pages',
    async (rows) => {
      for (const totalPage of [0, 1, 3, undefined]) {
        expect(await read(await nocobase(rows, { meta: (pageSize) => ({ count: rows, pageSize, totalPage }) }))).toBe(
          rows,
        );
      }
      expect(await read(await nocobase(rows, { meta: () => ({ count: 200 }) }))).toBe(rows);
      expect(await read(await nocobase(rows, { meta: () => undefined }))).toBe(rows);
    },
  );

  it.each([20, 100])('contains all records if pages have at most %i, and stops at a short one', async (largestPage) => {
    expect(await read(await nocobase(250, { largestPage, meta: () => ({ totalPage: 1 }) }))).toBe(250);
    const known = await nocobase(250, { largestPage, meta: (pageSize) => ({ pageSize, totalPage: 1 }) });
    expect(await read(known)).toBe(250);
    expect(known.pages).toHaveLength(Math.ceil(250.5 / largestPage));
  });
});
