import { text } from './text.js';

/** What the log says of an error beyond its code (`detail`), where several programs say the same. */
export const DETAIL = {
  noRole: (roles: string) => text(`NocoBase has no role ${roles}`, `NocoBase 没有角色 ${roles}`),
  noDefaultRole: text('NocoBase has no default role', 'NocoBase 没有默认角色'),
} as const;
