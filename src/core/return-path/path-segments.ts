/** More rounds of encoding than any chain of proxies decodes. */
const MAX_ROUNDS = 5;

/**
 * Segments as a router of NocoBase's clients compares them (React Router): decoded once, case-insensitively.
 *
 * @returns undefined if one cannot be decoded
 */
export function openSegments(written: readonly string[]): readonly string[] | undefined {
  try {
    return written.map((segment) => decodeURIComponent(segment).toLowerCase());
  } catch {
    return undefined;
  }
}

/**
 * The segments of a path in the most lenient reading by any server: decoded until nothing is left to decode, with
 * look-alikes of ASCII (full-width letters, slashes, dots) replaced.
 *
 * @returns undefined if that changes the segmentation, or does not end
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
  // Some servers strip parameters from a segment: they read `/..;x/` as `/../`.
  return isAsWritten && !segments.some((segment) => /^\.{1,2}(?:;.*)?$/s.test(segment)) ? segments : undefined;
}

/** Invalid escapes are left unchanged. */
function leniently(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
