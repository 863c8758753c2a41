/** From a Chinese keyboard. */
const WIDE_SEPARATORS: readonly string[] = ['，', '、', '；'];

/** What people type between the items of a list. A secret or a password may contain the last one. */
export const LIST_SEPARATORS: readonly string[] = [',', ...WIDE_SEPARATORS, ';'];

/** Whether it is a single item. `root，admin`, taken for the name of one role, would protect neither. */
export function isListItem(item: string): boolean {
  return !LIST_SEPARATORS.some((separator) => item.includes(separator));
}

/** Whether a list was written with separators that a variable does not know. */
export function hasWideSeparator(item: string): boolean {
  return WIDE_SEPARATORS.some((separator) => item.includes(separator));
}

/** Whether it can be the id of an organization at DingTalk. */
export function isCorpId(item: string): boolean {
  return /^[\w-]{1,128}$/.test(item);
}
