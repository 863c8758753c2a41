import { showTitle } from './navigation-title.js';

/** On pages that do nothing else in DingTalk's client: the sign-in page, and errors. */
showTitle(document.title);
