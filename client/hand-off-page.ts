import { isRecord, isText, parseJson, texts, webAddress } from '../src/core/browser/index.js';
import { handOff, type HandOff } from './hand-off.js';

/** Stores the session on NocoBase's own origin and continues. `replace` keeps this page, which contains the token, out of the history. */
async function leave(note: HTMLElement, session: HandOff, target: string): Promise<void> {
  try {
    await handOff(session);
  } catch {
    note.textContent = note.dataset['blocked'] || '';
    return;
  }
  window.location.replace(target);
}

function keysOf(told: unknown): Record<string, string | null> {
  const keys: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(isRecord(told) ? told : {})) keys[key] = isText(value) ? value : null;
  return keys;
}

const note = document.querySelector<HTMLElement>('[data-hand-off]');
if (note !== null) {
  const told = parseJson(note.dataset['handOff']);
  const { location, place, storage, former: ended }: Readonly<Record<string, unknown>> = isRecord(told) ? told : {};
  const target = webAddress(location);
  const former = texts(ended, ['tokenKey', 'signOutUrl', 'app']);
  if (target === undefined || former === undefined || !isText(place)) throw new Error('the page lacks its data');
  void leave(note, { place, storage: keysOf(storage), former: { ...former, credentials: 'same-origin' } }, target);
}
