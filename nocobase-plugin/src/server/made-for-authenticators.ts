/** Authenticators may have been renamed. */
const MAX = 100;

/** Caches one object per authenticator for as long as the settings that it was created from are unchanged. */
export class MadeForAuthenticators<Of extends object, Made> {
  private readonly known = new Map<string, { of: Of; readonly text: string; readonly made: Made }>();

  constructor(private readonly make: (of: Of) => Made) {}

  get(name: string, of: Of): Made {
    const known = this.known.get(name);
    // Usually the same object: `KnownAuthenticators` reads at most once a second, however many people arrive.
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
