/** What the benchmark tells the process that looks at everybody, and what it is told: messages between two processes. */
export interface Night {
  readonly nocobaseUrl: string;
  readonly dingTalkUrl: string;
  readonly authenticator: string;
  readonly corpId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Ready {
  /** Where its public keys are: an administrator's "Gateway address". */
  readonly url: string;
}

export interface Looked {
  readonly end: string;
  readonly why?: string;
  readonly asked: number;
  readonly here: number;
  readonly unclear: number;
  /** By the book's word, such as `locked`. */
  readonly concluded: Readonly<Record<string, number>>;
  /** Resident memory before the first person, and the highest of this process's life. */
  readonly bytesBefore: number;
  readonly bytesHighest: number;
  /** Heap that is in use after a full garbage collection: before the first person, and after so many people. */
  readonly heldBefore: number;
  readonly heldAfter: readonly (readonly [people: number, bytes: number])[];
}
