export { languageIn } from './language.js';
export {
  filledIn,
  joined,
  type Lang,
  LANGS,
  listed,
  reworded,
  sentences,
  type Text,
  text,
  TextError,
  verbatim,
} from './text.js';
export { DETAIL, SETTING } from './of-details.js';
export { LOG } from './of-logs.js';
export { ofVariable } from './of-variables.js';
