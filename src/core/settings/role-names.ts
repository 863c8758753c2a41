import { isListItem } from './list-item.js';
import { rule } from './setting.js';

/** Stricter than a list: `root;admin`, or an item `root,admin` of a file, would be a role that nobody has. */
export const ROLE_NAMES = rule(
  'must name each role on its own: no name contains a comma or ;',
  (roles: readonly string[]) => roles.every(isListItem),
);
