import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Page } from './layout.js';
import { PAGES_OPTIONS, type PagesOptions } from './pages.options.js';

export interface PageNeeds {
  /** Its script calls its own origin. */
  readonly asksHome?: boolean;
  /** The one origin that it shows in a frame, and the one script that it loads from elsewhere: not all that is there. */
  readonly frames?: string;
  readonly loadsScript?: string;
}

/** Answers with pages, redirects and JSON, the same way under Fastify and Express, with the headers that all of them carry. */
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

  /** What a page may do beyond showing itself: only what it says it needs. */
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

  /** A script whose address names its version: browsers keep it. */
  async script(response: unknown, text: string): Promise<void> {
    this.header(response, 'Content-Type', 'text/javascript; charset=utf-8');
    this.header(response, 'Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`);
    await this.send(response, 200, text, [['Cache-Control', 'public, max-age=31536000, immutable']]);
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
    body: string,
    own: readonly (readonly [string, string])[] = [],
  ): Promise<void> {
    for (const [name, value] of [...this.headers, ...own]) this.header(response, name, value);
    await this.host.httpAdapter.reply(response, body, status);
  }
}

/** An address without query as a source of a policy, where `;` and `,` end it: https://www.w3.org/TR/CSP3/#source-lists */
function asSource(address: string): string {
  return new URL(address).href.replace(/[;,]/g, encodeURIComponent);
}
