export { csvCell } from './csv.js';
export { padded, widthOf } from './columns.js';
export { asJsonText, printable, printableLines } from './printable.js';
