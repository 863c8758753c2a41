export interface MariaDb {
  host: string;
  port: number;
  user: string;
  database: string;
  /** Runs statements in that database. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a throw-away MariaDB (no password, nothing flushed to disk) in a temp folder; throws if MariaDB is not installed. */
export function launchMariaDb(): Promise<MariaDb>;
