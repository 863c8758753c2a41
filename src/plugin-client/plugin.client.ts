import { z } from 'zod';
import type { PlaceSettings } from '../core/nocobase-web/index.js';
import {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  type AssertionClaims,
  type BookCall,
  examinationConfirmation,
  type ExaminationQuestion,
  GATEWAY_REFUSALS,
  type PluginAction,
  type PluginSettings,
  pluginSettings,
  pluginUrl,
  WITHOUT_SECRETS,
} from '../core/plugin-protocol/index.js';
import { freshFor, type Signer } from './signing/index.js';
import { type UpstreamHttpClient, UpstreamHttpError, UpstreamResponseError } from '../core/upstream/index.js';
import type { PluginTrouble } from '../core/errors/index.js';
import { PluginError } from './plugin.errors.js';
import { DETAIL } from '../core/texts/index.js';

/** A NocoBase that has the plugin. */
export interface PluginTarget extends Pick<PlaceSettings, 'app' | 'apiBasePath'> {
  /** NocoBase as the gateway reaches it, without the path of its API. */
  readonly url: string;
  /** NocoBase as browsers reach it: the audience of assertions. */
  readonly publicUrl: string;
  readonly timeoutMs: number;
}

/** Each method validates its content. */
const bookAnswer = z.object({ data: z.unknown() });
const refusal = z.object({ errors: z.array(z.object({ code: z.string().nullish() })).nonempty() });

const TROUBLE_OF_REFUSAL: Readonly<Record<string, PluginTrouble>> = {
  [GATEWAY_REFUSALS.unknownGateway]: 'gateway_unknown',
  [GATEWAY_REFUSALS.otherAddress]: 'address_differs',
  [GATEWAY_REFUSALS.noKeys]: 'keys_unreachable',
  [GATEWAY_REFUSALS.keyNotPinned]: 'key_not_pinned',
  [GATEWAY_REFUSALS.invalidAssertion]: 'assertion_refused',
  // From NocoBase itself, if nothing is registered under the plugin's name.
  EMPTY_TOKEN: 'plugin_missing',
};

/** The plugin does not accept the key: if the gateway has several, it may know another. */
const OF_THE_KEY: readonly PluginTrouble[] = ['assertion_refused', 'key_not_pinned'];

interface Asked {
  /** With its question mark. */
  readonly query?: string;
  readonly body?: object;
}

/** The calls to NocoBase's companion plugin, under the gateway's own identity and without a secret of NocoBase's. */
export class PluginClient {
  constructor(
    private readonly http: Pick<UpstreamHttpClient, 'request'>,
    private readonly signer: Signer,
    /** As administrators enter it in NocoBase. */
    private readonly publicUrl: string,
  ) {}

  /**
   * The authenticators that use this gateway, with their secrets.
   *
   * @param withFacts includes the doctor's data, which costs NocoBase two more reads
   * @throws PluginError
   */
  async settings(target: PluginTarget, withFacts = false): Promise<PluginSettings> {
    return this.read(target, withFacts ? '?facts=1' : '');
  }

  /** The same without secrets, for callers that do not need them. @throws PluginError */
  async settingsWithoutSecrets(target: PluginTarget): Promise<PluginSettings> {
    return this.read(target, `?${WITHOUT_SECRETS}`);
  }

  private async read(target: PluginTarget, query: string): Promise<PluginSettings> {
    const { data } = await this.call(target, 'settings', 'GET', z.object({ data: pluginSettings }), { query });
    // Because of a cache on the way or a bug in the plugin; settings for another gateway must not be used.
    if (data.gatewayUrl.replace(/\/+$/, '') !== this.publicUrl) {
      throw new PluginError('unusable_answer', DETAIL.plugin.otherGateway.en);
    }
    return data;
  }

  /** Whether an administrator has just clicked *Test* for this authenticator; true once. @throws PluginError */
  async confirmExamination(target: PluginTarget, question: ExaminationQuestion): Promise<boolean> {
    const guard = z.object({ data: examinationConfirmation });
    return (await this.call(target, 'confirmExamination', 'POST', guard, { body: question })).data.confirmed;
  }

  /**
   * A method of the book of bound people and locks.
   *
   * @param answer the shape of its result
   * @throws PluginError; `plugin_missing` if the plugin has no book
   */
  async book<Answer extends z.ZodType>(
    target: PluginTarget,
    body: BookCall,
    answer: Answer,
  ): Promise<z.output<Answer>> {
    const { data } = await this.call(target, 'book', 'POST', bookAnswer, { body });
    const read = answer.safeParse(data ?? null);
    if (!read.success) throw new PluginError('unusable_answer', DETAIL.plugin.unusableBook(body.call).en);
    return read.data;
  }

  /** Whether the plugin currently accepts only an older key than the first of `AUTH_COOKIE_SECRET`. */
  get isKnownByOlderKey(): boolean {
    return !this.signer.usesFirst;
  }

  /** The key that an administrator would pin. */
  get firstThumbprint(): string {
    return this.signer.publicKeys().keys[0]?.kid ?? '';
  }

  private async call<Guard extends z.ZodType>(
    target: PluginTarget,
    action: PluginAction,
    method: 'GET' | 'POST',
    guard: Guard,
    more: Asked,
  ): Promise<z.output<Guard>> {
    let refused: unknown;
    for (const thumbprint of this.signer.thumbprints()) {
      try {
        const answer = await this.ask(target, action, method, guard, thumbprint, more);
        this.signer.wasTaken(thumbprint);
        return answer;
      } catch (error) {
        const trouble = asPluginError(error);
        if (!(trouble instanceof PluginError && OF_THE_KEY.includes(trouble.trouble))) throw trouble;
        refused ??= trouble;
      }
    }
    throw refused;
  }

  private async ask<Guard extends z.ZodType>(
    { url, publicUrl, app, apiBasePath, timeoutMs }: PluginTarget,
    action: PluginAction,
    method: 'GET' | 'POST',
    guard: Guard,
    thumbprint: string,
    { query = '', body }: Asked,
  ): Promise<z.output<Guard>> {
    const claims: AssertionClaims = {
      iss: this.publicUrl,
      aud: publicUrl,
      app,
      ...freshFor(ASSERTION_LIFETIME_SECONDS),
    };
    return this.http.request({
      upstream: 'NocoBase',
      operation: `dingtalk:${action}`,
      method,
      url: `${pluginUrl(url, { app, apiBasePath }, action)}${query}`,
      headers: { [ASSERTION_HEADER]: await this.signer.sign(ASSERTION_TYPE, claims, thumbprint) },
      ...(body === undefined ? {} : { body }),
      timeoutMs,
      // An assertion is valid once: a retry would look like a stolen one.
      mayRepeat: false,
      guard,
    });
  }
}

function asPluginError(error: unknown): unknown {
  const detail = error instanceof Error ? error.message : 'unknown';
  if (error instanceof UpstreamResponseError) return new PluginError('unusable_answer', detail);
  if (!(error instanceof UpstreamHttpError)) return new PluginError('unreachable', detail);
  const code = refusal.safeParse(error.body).data?.errors[0]?.code ?? '';
  if (error.httpStatus === 401) return new PluginError(TROUBLE_OF_REFUSAL[code] ?? 'unusable_answer', detail);
  if (error.httpStatus === 404) return new PluginError('plugin_missing', detail);
  return new PluginError([502, 503, 504].includes(error.httpStatus) ? 'unreachable' : 'unusable_answer', detail);
}
