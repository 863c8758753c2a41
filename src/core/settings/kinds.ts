import { ofVariable, text as inBoth } from '../texts/index.js';
import { isBaseUrl, withoutSlash } from './base-url.js';
import { hasWideSeparator } from './list-item.js';
import { type Defaulted, type InForm, type Rule, rule, type Setting } from './setting.js';
import { VALUE } from './texts.js';

interface Options<T> extends Partial<
  Pick<Setting<T>, 'about' | 'variable' | 'default' | 'unless' | 'fromFile' | 'verbatim' | 'inForm' | 'decidedByPlugin'>
> {
  /** Describes the setting to an operator who has not set it. */
  readonly required?: string;
  readonly rules?: readonly Rule<T>[];
}

type AnyOptions = Omit<Options<never>, 'default'> & { readonly default?: unknown };

/** Undefined unless the setting always has a value. */
type Read<T, O> = O extends { unless: unknown }
  ? T | undefined
  : O extends { required: string } | { default: unknown }
    ? T
    : T | undefined;

/** Its type says whether it is in the form, and whether it has a default. */
type Made<T, O> = Setting<T> &
  (O extends InForm ? InForm : unknown) &
  (O extends { default: unknown } ? Defaulted<T> : unknown);

type Content<O> = O extends { fromFile: (content: Buffer) => infer C } ? C | string : string;

/** The text of a file, without the newline that editors add at its end. */
export function withoutTrailingNewline(content: Buffer): string {
  return content.toString('utf8').replace(/\r?\n$/, '');
}

const AS_IT_IS = { parse: (written: string) => written, unreadable: ofVariable('must be a text') };

export function text<const O extends Options<string>>(options: O): Made<Read<string, O>, O> {
  return make({ kind: 'text', ...AS_IT_IS }, options);
}

/** May also be read from a file; a trailing newline is dropped unless `fromFile` does otherwise. */
export function secret<const O extends Options<string>>(options: O): Made<Read<Content<O>, O>, O> {
  return make({ kind: 'text', ...AS_IT_IS, fromFile: withoutTrailingNewline }, options);
}

export function choice<const V extends string, const O extends Options<V>>(
  choices: readonly V[],
  options: O,
): Made<Read<V, O>, O> {
  const isOne = rule<V>(VALUE.oneOf(choices.join(', ')), (value) => choices.includes(value));
  return make({ kind: 'choice', choices, ...AS_IT_IS }, options, [isOne]);
}

/** `true` or `false`, nothing else: a typo must not disable a protection. */
export function flag<const O extends Options<boolean>>(options?: O): Made<boolean, O & { default: boolean }> {
  const unreadable = ofVariable('must be true or false');
  const parse = (written: string): unknown =>
    written === 'true' || written === 'false' ? written === 'true' : undefined;
  return make({ kind: 'flag', parse, unreadable }, { default: false, ...options });
}

export function wholeNumber<const O extends Options<number>>(
  min: number,
  max: number,
  options: O,
): Made<Read<number, O>, O> {
  const said = VALUE.wholeNumber(min, max);
  const parse = (written: string): unknown => (/^\d{1,9}$/.test(written) ? Number(written) : undefined);
  const isWithin = rule<number>(said, (value) => value >= min && value <= max);
  return make({ kind: 'number', parse, unreadable: said }, options, [isWithin]);
}

/**
 * As a text: separated by commas, spaces around the items dropped. A list that is set has at least one item: `,` must
 * not disable a restriction.
 *
 * @param whenEmpty the message if it has none
 */
export function list<const O extends Options<readonly string[]>>(
  options: O,
  whenEmpty = 'must name at least one',
): Made<Read<readonly string[], O>, O> {
  return make(
    { kind: 'list', parse: (written) => written.split(','), unreadable: ofVariable('must be a list') },
    options,
    [
      rule<readonly string[]>(whenEmpty, (items) => items.length > 0),
      rule<readonly string[]>(
        'must separate its items with a comma (,), not with ， 、 or ；',
        (items) => !items.some(hasWideSeparator),
      ),
    ],
  );
}

/** An `http` or `https` address without credentials, query or fragment; a trailing slash is dropped. */
export function baseUrl<const O extends Options<string>>(options: O): Made<Read<string, O>, O> {
  const isGood = rule('must be an http(s) address without user, query or fragment', isBaseUrl);
  return make({ kind: 'text', ...AS_IT_IS, parse: withoutSlash }, options, [isGood]);
}

function make<T, O>(
  kind: Pick<Setting, 'kind' | 'parse' | 'unreadable' | 'choices' | 'fromFile'>,
  { required, rules = [], ...options }: AnyOptions,
  ofKind: readonly Rule[] = [],
): Made<T, O> {
  const said = required === undefined ? undefined : ofVariable(required);
  return {
    ...kind,
    ...options,
    rules: [...ofKind, ...rules],
    ...(said === undefined ? {} : { required: inBoth(`is required: ${said.en}`, `必填：${said.zh}`) }),
  } as Made<T, O>;
}
