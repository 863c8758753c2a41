export interface Postgres {
  host: string;
  port: number;
  user: string;
  database: string;
  stop(): Promise<void>;
}

/** Starts a throw-away PostgreSQL (no password, no fsync) in a temp folder; throws if PostgreSQL is not installed. */
export function launchPostgres(): Promise<Postgres>;
