import 'reflect-metadata';
import { isIP } from 'node:net';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isLoopback, isPrivate } from '../core/settings/index.js';
import { ofVariable, type Text, text } from '../core/texts/index.js';
import { declareVariable } from './declared-variables.js';

/** Reads the bytes of a secret's file. */
type SecretFileReader = (content: Buffer) => string | Buffer;

const SECRETS = Symbol('variables that may come from a file');

/** The variables of a class that `NAME_FILE` may stand in for, with how their file is read. */
export function secretVariables(type: new () => object): ReadonlyMap<string, SecretFileReader> {
  return (Reflect.getMetadata(SECRETS, type) as Map<string, SecretFileReader> | undefined) ?? new Map();
}

/** The text of a file, without the newline that editors put at its end. */
export function withoutTrailingNewline(content: Buffer): string {
  return content.toString('utf8').replace(/\r?\n$/, '');
}

/** `NAME_FILE` may hold the path of a file with the value; a trailing newline is dropped unless `read` does otherwise. */
export function FromFile(read: SecretFileReader = withoutTrailingNewline): PropertyDecorator {
  return (target, property) => {
    declareVariable(String(property));
    declareVariable(`${String(property)}_FILE`);
    const known = secretVariables(target.constructor as new () => object);
    Reflect.defineMetadata(SECRETS, new Map([...known, [String(property), read]]), target.constructor);
  };
}

/** A rule in words: `NAME <message>`. The predicate sees the value and the whole class; absent is fine. */
export function Rule(
  message: string | Text,
  holds: (value: unknown, environment: object) => boolean,
): PropertyDecorator {
  const said = typeof message === 'string' ? ofVariable(message) : message;
  return Checked(said, (value, environment) => value === undefined || holds(value, environment));
}

/** `readEnvironment` finds what is said, in both languages, as the context of the failure. */
function Checked(said: Text, holds: (value: unknown, environment: object) => boolean): PropertyDecorator {
  const validate = (value: unknown, args?: ValidationArguments): boolean => holds(value, args?.object ?? {});
  // A context counts only where there is a message.
  const validator = { validate, defaultMessage: () => said.en };
  return both(Declared(), ValidateBy({ name: said.en, validator }, { context: said }));
}

function Declared(): PropertyDecorator {
  return (_target, property) => declareVariable(String(property));
}

const VERBATIM = Symbol('variables that are taken as they are');

/** The variables of a class that are taken to the byte. */
export function verbatimVariables(type: new () => object): ReadonlySet<string> {
  return (Reflect.getMetadata(VERBATIM, type) as Set<string> | undefined) ?? new Set();
}

/** Nothing around the value is dropped, and nothing in it refused: others hold the same secret, to the byte. */
export function Verbatim(): PropertyDecorator {
  return (target, property) => {
    const known = verbatimVariables(target.constructor as new () => object);
    Reflect.defineMetadata(VERBATIM, new Set([...known, String(property)]), target.constructor);
  };
}

export function Required(what: string): PropertyDecorator {
  const { en, zh } = ofVariable(what);
  return Checked(text(`is required: ${en}`, `必填：${zh}`), (value) => value !== undefined);
}

/** `true` or `false`, nothing else: a typing error must not switch a protection off. */
export function Flag(): PropertyDecorator {
  return both(
    Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown))),
    Rule('must be true or false', (value) => typeof value === 'boolean'),
  );
}

export function WholeNumber(min: number, max: number): PropertyDecorator {
  return both(
    Transform(({ value }) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : (value as unknown),
    ),
    Rule(
      text(`must be a whole number from ${min} to ${max}`, `必须是 ${min} 到 ${max} 的整数`),
      (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    ),
  );
}

/**
 * Comma-separated, blanks around the items dropped. A variable that is set names at least one: `,` must not open what a
 * list restricts.
 */
export function List(): PropertyDecorator {
  return both(
    Transform(({ value }) => (typeof value === 'string' ? items(value) : (value as unknown))),
    Rule('must name at least one', (value) => value !== NO_ITEMS),
    Rule('must separate its items by a comma (,), not by ， 、 or ；', (value) => {
      return !Array.isArray(value) || !value.some((item) => /[，、；]/.test(String(item)));
    }),
  );
}

/** Stands for a list that was given and is empty; the empty list of a default is another. */
const NO_ITEMS: readonly string[] = [];

function items(list: string): readonly string[] {
  const found = list
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  return found.length === 0 ? NO_ITEMS : found;
}

export function OneOf(...allowed: readonly string[]): PropertyDecorator {
  const list = allowed.join(', ');
  return Rule(text(`must be one of: ${list}`, `只能是以下之一：${list}`), (value) => allowed.includes(value as string));
}

/**
 * An `http` or `https` address without credentials, query or fragment; a trailing slash is dropped.
 *
 * @param https where `http` is not taken: everywhere but on this machine, or also where ALLOW_PRIVATE_HTTP of the same
 * class does not open the private network
 */
export function BaseUrl({ https }: { https?: 'unless-loopback' | 'unless-private' } = {}): PropertyDecorator {
  const isTaken = (url: URL, environment: object): boolean =>
    https === undefined ||
    url.protocol === 'https:' ||
    isLoopback(url.hostname) ||
    (https === 'unless-private' && isPrivate(url.hostname) && Reflect.get(environment, 'ALLOW_PRIVATE_HTTP') === true);
  const isOpenable = (url: URL): boolean => https === 'unless-private' && isPrivate(url.hostname);
  return both(
    Transform(({ value }) => (typeof value === 'string' ? value.trim().replace(/\/+$/, '') : (value as unknown))),
    Rule('must be an http(s) address without user, query or fragment', (value) => parseBaseUrl(value) !== undefined),
    Rule(
      'must start with https:// (an internal CA will do: NODE_EXTRA_CA_CERTS), unless ALLOW_PRIVATE_HTTP=true accepts that sign-ins can be read and changed in this private network',
      (value, environment) => {
        const url = parseBaseUrl(value);
        return url === undefined || !isOpenable(url) || isTaken(url, environment);
      },
    ),
    Rule('must start with https:// (http:// only on localhost or a loopback address)', (value, environment) => {
      const url = parseBaseUrl(value);
      return url === undefined || isTaken(url, environment);
    }),
  );
}

/** Addresses or CIDR ranges of proxies, as Fastify's `trustProxy` takes them: it refuses `/0`, which would be everybody. */
export function AddressRanges(): PropertyDecorator {
  return Rule('must list IP addresses or CIDR ranges, separated by commas', (value) => {
    return Array.isArray(value) && value.every((item) => isAddressRange(String(item)));
  });
}

function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

/** undefined where it is none. */
export function parseBaseUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || /[\s\\]/.test(value)) return undefined;
  try {
    const url = new URL(value);
    const plain = !url.username && !url.password && !url.search && !url.hash;
    return plain && /^https?:$/.test(url.protocol) && /^https?:\/\//i.test(value) ? url : undefined;
  } catch {
    return undefined;
  }
}

function both(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    // class-validator reports the rule that was registered first.
    for (const decorate of decorators) decorate(target, property);
  };
}
