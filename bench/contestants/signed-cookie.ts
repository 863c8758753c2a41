import { createHmac, timingSafeEqual } from 'node:crypto';
import { settings } from './settings.js';

export const COOKIE = 'sign-in';

/** What a program without a session store keeps in the browser: readable, and signed. */
export function sign(value: object): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${text}.${digest(text)}`;
}

/** @returns undefined if there is no such cookie, or its signature is invalid */
export function unsign(cookieHeader: string | undefined): unknown {
  const [, text, signature] = /(?:^|;\s*)sign-in=([\w-]+)\.([\w-]+)/.exec(cookieHeader ?? '') ?? [];
  if (text === undefined || signature === undefined) return undefined;
  const [given, wanted] = [Buffer.from(signature), Buffer.from(digest(text))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}

function digest(text: string): string {
  return createHmac('sha256', settings.cookieSecret).update(text).digest('base64url');
}
