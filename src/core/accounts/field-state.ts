/**
 * How a stored field stands to the value it was compared with. `hidden`: NocoBase shows no text there, because the right
 * is missing, there is no such field, or it is of another kind.
 */
export type FieldState = 'same' | 'empty' | 'other' | 'hidden';
