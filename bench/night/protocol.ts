/** The messages between the benchmark and the process that runs the nightly check. */
export interface Night {
  readonly nocobaseUrl: string;
  readonly dingTalkUrl: string;
  readonly authenticator: string;
  readonly corpId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Ready {
  /** Where it serves its public keys: an administrator's "Gateway address". */
  readonly url: string;
}

export interface Checked {
  readonly end: string;
  readonly why?: string;
  readonly asked: number;
  readonly here: number;
  readonly unclear: number;
  /** By the book's terms, such as `locked`. */
  readonly concluded: Readonly<Record<string, number>>;
  /** Resident memory before the first person, and the maximum over the life of the process. */
  readonly bytesBefore: number;
  readonly bytesHighest: number;
  /** Heap in use after a full garbage collection: before the first person, and after this many people. */
  readonly heldBefore: number;
  readonly heldAfter: readonly (readonly [people: number, bytes: number])[];
}
