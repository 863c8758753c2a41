import { LIST_SEPARATORS } from '../../../src/core/settings/form-rules.js';

/** Whatever is typed or pasted between two entries of a list; no entry contains one. */
export const BETWEEN_ENTRIES: string[] = [...LIST_SEPARATORS, ' ', '\u3000', '\t', '\r', '\n'];
