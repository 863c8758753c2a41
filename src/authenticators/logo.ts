import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { InvalidEnvironmentError, named } from '../config/index.js';
import { ofVariable, type Text } from '../core/texts/index.js';
import { FILE } from './texts.js';

/** Every sign-in page contains it. */
const MAX_BYTES = 64 * 1024;
/**
 * In an `<img>` an SVG runs no scripts and loads nothing: https://www.w3.org/TR/SVG2/conform.html#secure-static-mode
 */
const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};

/** An image file as a `data:` address, for pages that may load nothing. @throws InvalidEnvironmentError */
export function readLogo(path: string): string {
  const type = TYPES[extname(path).toLowerCase()];
  if (type === undefined) throw refused(ofVariable('must be a PNG, JPEG, WebP or SVG file'));
  let image: Buffer;
  try {
    image = readFileSync(path);
  } catch {
    throw refused(ofVariable('names a file that cannot be read'));
  }
  if (image.length > MAX_BYTES) throw refused(FILE.logoTooLarge(MAX_BYTES / 1024));
  return `data:${type};base64,${image.toString('base64')}`;
}

function refused(said: Text): InvalidEnvironmentError {
  return new InvalidEnvironmentError([named('logo', said)]);
}
