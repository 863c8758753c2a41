export { csvCell } from './csv.js';
export { asJsonText, printable, printableLines } from './printable.js';
