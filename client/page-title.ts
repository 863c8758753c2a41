import { showTitle } from './navigation-title.js';

/** For pages that use nothing else of DingTalk's client: the sign-in page, and errors. */
showTitle(document.title);
