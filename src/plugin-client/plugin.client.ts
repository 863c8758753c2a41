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
  /** NocoBase as the gateway reaches it, without its API's path. */
  readonly url: string;
  /** NocoBase as browsers reach it: whom an assertion is for. */
  readonly publicUrl: string;
  readonly timeoutMs: number;
}

/** What is in it, each method says. */
const bookAnswer = z.object({ data: z.unknown() });
const refusal = z.object({ errors: z.array(z.object({ code: z.string().nullish() })).nonempty() });

const TROUBLE_OF_REFUSAL: Readonly<Record<string, PluginTrouble>> = {
  [GATEWAY_REFUSALS.unknownGateway]: 'gateway_unknown',
  [GATEWAY_REFUSALS.otherAddress]: 'address_differs',
  [GATEWAY_REFUSALS.noKeys]: 'keys_unreachable',
  [GATEWAY_REFUSALS.keyNotPinned]: 'key_not_pinned',
  [GATEWAY_REFUSALS.invalidAssertion]: 'assertion_refused',
  // NocoBase itself, where nothing is registered under the plugin's name.
  EMPTY_TOKEN: 'plugin_missing',
};

/** The plugin does not take the key: where the gateway has several, it may know another. */
const OF_THE_KEY: readonly PluginTrouble[] = ['assertion_refused', 'key_not_pinned'];

interface Asked {
  /** With its question mark. */
  readonly query?: string;
  readonly body?: object;
}

/** What the gateway asks NocoBase's companion plugin, under its own name and with no secret of NocoBase's. */
export class PluginClient {
  constructor(
    private readonly http: Pick<UpstreamHttpClient, 'request'>,
    private readonly signer: Signer,
    /** As administrators enter it in NocoBase. */
    private readonly publicUrl: string,
  ) {}

  /**
   * The authenticators whose gateway is this one, with their secrets.
   *
   * @param withFacts also what the doctor asks of NocoBase, which costs it two reads more
   * @throws PluginError
   */
  async settings(target: PluginTarget, withFacts = false): Promise<PluginSettings> {
    return this.read(target, withFacts ? '?facts=1' : '');
  }

  /** The same without what is secret: for whoever only wants to know what is there. @throws PluginError */
  async settingsWithoutSecrets(target: PluginTarget): Promise<PluginSettings> {
    return this.read(target, `?${WITHOUT_SECRETS}`);
  }

  private async read(target: PluginTarget, query: string): Promise<PluginSettings> {
    const { data } = await this.call(target, 'settings', 'GET', z.object({ data: pluginSettings }), { query });
    // A cache on the way, or a plugin that errs: what is meant for another gateway is not ours to use.
    if (data.gatewayUrl.replace(/\/+$/, '') !== this.publicUrl) {
      throw new PluginError('unusable_answer', DETAIL.plugin.otherGateway.en);
    }
    return data;
  }

  /** Whether an administrator has just pressed "Test" for this authenticator; true once. @throws PluginError */
  async confirmExamination(target: PluginTarget, question: ExaminationQuestion): Promise<boolean> {
    const guard = z.object({ data: examinationConfirmation });
    return (await this.call(target, 'confirmExamination', 'POST', guard, { body: question })).data.confirmed;
  }

  /**
   * A method of the book of bound people and locks.
   *
   * @param answer what it answers
   * @throws PluginError; `plugin_missing` where the plugin keeps none
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

  /** What the plugin takes our signature for just now is an older key than the first of `AUTH_COOKIE_SECRET`. */
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
      // An assertion is good once: sent again it would be taken for a stolen one.
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
