import { askForCode } from './ask-for-code.js';
import { handOff } from './hand-off.js';
import { InAppPage } from './in-app-page.js';
import { loopGuard } from '../src/core/browser/index.js';
import { showTitle } from './navigation-title.js';
import { postCode } from './post-code.js';

/**
 * Signs in the person who is signed in to the DingTalk client that shows this page. Leaves only by `location.replace`, so that
 * going back never returns here.
 */
async function signIn(page: InAppPage): Promise<void> {
  const { settings } = page;
  page.onTryAgain(() => loopGuard.forget());
  if (loopGuard.look() === 'looping') return page.stop('loop');
  loopGuard.count();

  page.say('asking');
  const code = await askForCode(settings);
  if (code === undefined) return location.replace(settings.browser);

  page.say('signingIn');
  const answer = await postCode(settings.post, { code, state: settings.state });
  switch (answer.kind) {
    case 'go':
      return location.replace(answer.location);
    case 'session':
      return leaveSession(page, answer);
    case 'refused':
      return page.stop(answer);
    case 'unexpected':
      return page.stop('unexpected');
    case 'silence':
      return page.stop('noAnswer');
  }
}

async function leaveSession(
  page: InAppPage,
  session: { token: string; authenticator: string; location: string },
): Promise<void> {
  const keys = page.settings.storage;
  if (keys === undefined) return page.stop('unexpected');
  const { storage: place, token: tokenKey, authenticator, role, signOutUrl, app } = keys;
  const storage = { [tokenKey]: session.token, [authenticator]: session.authenticator, [role]: null };
  const former = { tokenKey, signOutUrl, app, credentials: 'same-origin' } as const;
  try {
    await handOff({ place, storage, former });
  } catch {
    return page.stop('blocked');
  }
  location.replace(session.location);
}

const root = document.getElementById('in-app');
if (root !== null) {
  showTitle(document.title);
  void signIn(new InAppPage(root, showTitle));
}
