import { loopGuard, texts } from '../src/core/browser/index.js';
import { askForCode } from './ask-for-code.js';
import { pageAtNocoBase, signInWith } from './at-nocobase.js';

/** The plugin's page inside DingTalk's client: signs in the person who is signed in there. */
async function signIn(): Promise<void> {
  const { note } = pageAtNocoBase();
  const told = texts(note.dataset, ['state', 'corpId', 'clientId', 'browser']);
  if (told === undefined) throw new Error('the page lacks its data');
  if (loopGuard.look() === 'looping') {
    note.textContent = note.dataset['circles'] || '';
    return;
  }
  loopGuard.count();
  const code = await askForCode(told);
  if (code === undefined) return location.replace(told.browser);
  return signInWith(
    new URLSearchParams([
      ['code', code],
      ['state', told.state],
    ]).toString(),
  );
}

void signIn();
