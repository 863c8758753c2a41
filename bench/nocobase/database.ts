import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The part of `real-nocobase/postgres.d.mts` that is used here. */
interface Postgres {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly stop: () => Promise<void>;
}

/** The used part of NocoBase's own driver, https://node-postgres.com/apis/client */
interface Client {
  connect(): Promise<void>;
  query(text: string, values?: readonly unknown[]): Promise<{ rows: readonly Record<string, unknown>[] }>;
  end(): Promise<void>;
}

/** Statements by verb and table, such as `SELECT users`. */
export type Statements = Readonly<Record<string, number>>;

/** A PostgreSQL with one database for each NocoBase, which counts statements. */
export class CountingPostgres {
  private constructor(
    private readonly postgres: Postgres,
    private readonly client: Client,
    private readonly Driver: new (options: object) => Client,
  ) {}

  /** @returns the reason if PostgreSQL with `pg_stat_statements` is not available */
  static async start(root: string): Promise<CountingPostgres | string> {
    try {
      const { href } = pathToFileURL(join(root, 'real-nocobase/postgres.mjs'));
      const { launchPostgres } = (await import(href)) as {
        readonly launchPostgres: (options: object) => Promise<Postgres>;
      };
      const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'on' };
      const postgres = await launchPostgres({ settings });
      const { Client: Driver } = createRequire(join(root, 'real-nocobase/package.json'))('pg') as {
        Client: new (options: object) => Client;
      };
      const client = new Driver(addressOf(postgres));
      await client.connect();
      await client.query('CREATE EXTENSION pg_stat_statements');
      return new CountingPostgres(postgres, client, Driver);
    } catch (error) {
      return error instanceof Error ? error.message.split('\n')[0]! : String(error);
    }
  }

  /** @returns the connection settings for NocoBase */
  async create(name: string): Promise<object> {
    await this.client.query(`CREATE DATABASE ${name}`);
    return { ...addressOf(this.postgres), dialect: 'postgres', database: name };
  }

  /** For what NocoBase's actions cannot do quickly, such as creating a hundred thousand users. */
  async run(database: string, statements: readonly string[]): Promise<void> {
    const client = new this.Driver({ ...addressOf(this.postgres), database });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** Statements per execution while something is done a given number of times. */
  async statements(database: string, times: number, work: () => Promise<void>): Promise<Statements> {
    await this.client.query('SELECT pg_stat_statements_reset()');
    await work();
    const { rows } = await this.client.query(
      `SELECT query, calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1`,
      [database],
    );
    const counts: Record<string, number> = {};
    for (const { query, calls } of rows) {
      const kind = kindOf(String(query));
      counts[kind] = (counts[kind] ?? 0) + Number(calls) / times;
    }
    return counts;
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.postgres.stop();
  }
}

/** `SELECT users`, `START`, … for a statement as PostgreSQL records it, with `$1` for each value. */
export function kindOf(statement: string): string {
  const [, verb = ''] = /^\W*(\w+)/.exec(statement) ?? [];
  const [, table] = /\b(?:FROM|INTO|UPDATE)\s+(?:"\w+"\.)?"?(\w+)"?/i.exec(statement) ?? [];
  return table === undefined ? verb.toUpperCase() : `${verb.toUpperCase()} ${table}`;
}

function addressOf({ host, port, user, database }: Postgres): object {
  return { host, port, user, database };
}
