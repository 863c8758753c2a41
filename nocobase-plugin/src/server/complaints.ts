/**
 * What was last complained about each subject, so that something that is read again and again, by whoever sends a request, writes one
 * line to the log for each change.
 */
export class Complaints {
  private readonly known = new Map<string, string>();

  /** @returns whether this is to be logged */
  isNew(subject: string, why: string): boolean {
    const isNew = this.known.get(subject) !== why;
    this.known.set(subject, why);
    return isNew;
  }

  /** Nothing is wrong with it now: the same would be news again. */
  settle(subject: string): void {
    this.known.delete(subject);
  }
}
