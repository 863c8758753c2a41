export interface Postgres {
  host: string;
  port: number;
  user: string;
  database: string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Further settings of the server, without blanks. */
  settings?: Readonly<Record<string, string>>;
}

/** Starts a throw-away PostgreSQL (no password, no fsync) in a temp folder; throws if PostgreSQL is not installed. */
export function launchPostgres(options?: PostgresOptions): Promise<Postgres>;
