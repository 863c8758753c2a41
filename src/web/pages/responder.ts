import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Page } from './layout.js';
import { PAGES_OPTIONS, type PagesOptions } from './pages.options.js';

export interface PageNeeds {
  /** Its script calls its own origin. */
  readonly asksHome?: boolean;
  /** The one origin that it frames, and the one script that it loads from elsewhere, not everything there. */
  readonly frames?: string;
  readonly loadsScript?: string;
}

/** A file for a client to store. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** Differs for different bytes. */
  readonly tag: string;
}

/** Responds with pages, redirects and JSON, the same way under Fastify and Express, with their common headers. */
@Injectable()
export class Responder {
  private readonly headers: readonly (readonly [string, string])[];
  private readonly publicUrl: string;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(PAGES_OPTIONS) { publicUrl }: PagesOptions,
  ) {
    this.publicUrl = publicUrl;
    this.headers = [
      ['Cache-Control', 'no-store'],
      ['Referrer-Policy', 'no-referrer'],
      ['X-Content-Type-Options', 'nosniff'],
      ...(publicUrl.startsWith('https:') ? ([['Strict-Transport-Security', 'max-age=31536000']] as const) : []),
    ];
  }

  /** A page may do only what it declares. */
  async page(
    response: unknown,
    status: number,
    page: Page,
    { asksHome = false, frames, loadsScript }: PageNeeds = {},
  ): Promise<void> {
    const nonce = randomBytes(16).toString('base64');
    this.header(response, 'Content-Type', 'text/html; charset=utf-8');
    this.header(
      response,
      'Content-Security-Policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'${loadsScript === undefined ? '' : ` ${asSource(loadsScript)}`}; img-src data:; ` +
        (asksHome ? `connect-src 'self'; ` : '') +
        (frames === undefined ? '' : `frame-src ${frames}; `) +
        `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    await this.send(response, status, page({ nonce, publicUrl: this.publicUrl }));
  }

  async json(response: unknown, status: number, body: object): Promise<void> {
    this.header(response, 'Content-Type', 'application/json; charset=utf-8');
    this.header(response, 'Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`);
    await this.send(response, status, JSON.stringify(body));
  }

  /** A script whose address contains its version, so browsers cache it. */
  async script(response: unknown, text: string): Promise<void> {
    this.header(response, 'Content-Type', 'text/javascript; charset=utf-8');
    this.header(response, 'Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`);
    await this.send(response, 200, text, [['Cache-Control', 'public, max-age=31536000, immutable']]);
  }

  /**
   * A file to cache, which is fetched again only if it has changed.
   *
   * @param known the client's version: `If-None-Match`
   */
  async file(response: unknown, { name, type, bytes, tag }: SentFile, known?: string): Promise<void> {
    const own = [
      ['Cache-Control', 'no-cache'],
      ['ETag', `"${tag}"`],
    ] as const;
    if (isAmong(`"${tag}"`, known)) {
      await this.send(response, 304, '', own);
      return;
    }
    this.header(response, 'Content-Type', type);
    this.header(response, 'Content-Length', String(bytes.length));
    this.header(response, 'Content-Disposition', `attachment; filename="${name}"`);
    this.header(response, 'Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`);
    await this.send(response, 200, bytes, own);
  }

  async redirect(response: unknown, status: 302 | 303, location: string): Promise<void> {
    this.header(response, 'Location', location);
    await this.send(response, status, '');
  }

  header(response: unknown, name: string, value: string): void {
    this.host.httpAdapter.setHeader(response, name, value);
  }

  setCookie(response: unknown, cookie: string): void {
    const { httpAdapter } = this.host;
    if (httpAdapter.appendHeader === undefined) throw new TypeError('the HTTP adapter cannot append headers');
    httpAdapter.appendHeader(response, 'Set-Cookie', cookie);
  }

  private async send(
    response: unknown,
    status: number,
    body: string | Buffer,
    own: readonly (readonly [string, string])[] = [],
  ): Promise<void> {
    for (const [name, value] of [...this.headers, ...own]) this.header(response, name, value);
    await this.host.httpAdapter.reply(response, body, status);
  }
}

/**
 * An address without query as a source in a policy, where `;` and `,` would end it:
 * https://www.w3.org/TR/CSP3/#source-lists
 */
function asSource(address: string): string {
  return new URL(address).href.replace(/[;,]/g, encodeURIComponent);
}

/**
 * Weak comparison, because a proxy may have marked it as weak. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
function isAmong(tag: string, listed = ''): boolean {
  return listed.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')));
}
