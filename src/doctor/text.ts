export { joined, type Lang, type Text, text, verbatim } from '../core/texts/index.js';
