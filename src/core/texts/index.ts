export { languageIn } from './language.js';
export { type Lang, LANGS, joined, listed, reworded, sentences, type Text, text, TextError, verbatim } from './text.js';
export { ofVariable } from './of-variables.js';
