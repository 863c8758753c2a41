import { type Lang, LANGS } from './text.js';

/** In POSIX order: the first one set decides. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Lang {
  return (LC_ALL || LC_MESSAGES || LANG || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/**
 * The language of a command line, and the line without its language option. It must be known first, because help and
 * errors about the line itself use it. An unsupported language is left to the parser.
 */
export function languageIn(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): { readonly lang: Lang; readonly rest: readonly string[] } {
  const given: Lang[] = [];
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [arg = '', next] = args.slice(at, at + 2);
    const short = arg === '--lang' ? next : undefined;
    const found = LANGS.find((lang) => arg === `--lang=${lang}` || short === lang);
    if (found === undefined) rest.push(arg);
    else {
      given.push(found);
      if (short !== undefined) at += 1;
    }
  }
  return { lang: given.at(-1) ?? languageOf(environment), rest };
}
