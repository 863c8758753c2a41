/**
 * How a stored field compares with the provider's value. `hidden`: NocoBase returns no text for it, because the right
 * is missing, the field does not exist, or it is of another type.
 */
export type FieldState = 'same' | 'empty' | 'other' | 'hidden';
