export { joined, type Lang, type Text, text, verbatim } from '../texts/index.js';
