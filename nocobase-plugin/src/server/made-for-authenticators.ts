/** Of authenticators that were renamed. */
const MAX = 100;

/** What is made for an authenticator, and kept as long as what it was made of is the same. */
export class MadeForAuthenticators<Of extends object, Made> {
  private readonly known = new Map<string, { of: Of; readonly text: string; readonly made: Made }>();

  constructor(private readonly make: (of: Of) => Made) {}

  get(name: string, of: Of): Made {
    const known = this.known.get(name);
    // The same object as a rule: `KnownAuthenticators` looks once a second, however many people come.
    if (known?.of === of) return known.made;
    const text = JSON.stringify(of);
    if (known?.text === text) {
      known.of = of;
      return known.made;
    }
    const made = this.make(of);
    if (this.known.size >= MAX) this.known.clear();
    this.known.set(name, { of, text, made });
    return made;
  }
}
