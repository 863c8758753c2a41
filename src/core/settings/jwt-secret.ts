import { withoutTrailingNewline } from './kinds.js';

/**
 * NocoBase's `jwt_secret.dat` is 32 raw bytes; any other file contains the text of `APP_KEY`, even one of 31 characters
 * to which an editor added a newline. (32 random bytes are all printable once in 10^15 files.)
 */
export function jwtSecretIn(content: Buffer): string | Buffer {
  const isLine = /^[\x20-\x7e]+\r?\n$/.test(content.toString('latin1'));
  return content.length === 32 && !isLine ? content : withoutTrailingNewline(content);
}
