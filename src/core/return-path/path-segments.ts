/** More rounds of encoding than any chain of proxies undoes. */
const MAX_ROUNDS = 5;

/**
 * Segments as a router of NocoBase's clients compares them (React Router): decoded once, in any case.
 *
 * @returns undefined where one cannot be decoded
 */
export function openSegments(written: readonly string[]): readonly string[] | undefined {
  try {
    return written.map((segment) => decodeURIComponent(segment).toLowerCase());
  } catch {
    return undefined;
  }
}

/**
 * The segments of a path as the most generous server could read it: decoded until nothing is left to decode, with look-alikes of ASCII
 * (full-width letters, slashes, dots) as what they look like.
 *
 * @returns undefined where that gives other segments than are written there, or does not end
 */
export function foldedSegments(pathname: string): readonly string[] | undefined {
  let text = pathname;
  for (let round = 0; ; round += 1) {
    const next = leniently(text).normalize('NFKC');
    if (next === text) break;
    if (round === MAX_ROUNDS) return undefined;
    text = next;
  }
  const segments = text.toLowerCase().split('/').slice(1);
  const isAsWritten = segments.length === pathname.split('/').length - 1 && !/[\\\p{Cc}]/u.test(text);
  // Some servers cut parameters off a segment: `/..;x/` is `/../` to them.
  return isAsWritten && !segments.some((segment) => /^\.{1,2}(?:;.*)?$/s.test(segment)) ? segments : undefined;
}

/** What is no escape stays. */
function leniently(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
