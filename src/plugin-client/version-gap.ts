/** How the versions of gateway and plugin differ: which of the two is older, as far as that can be told. */
export type VersionGap = 'plugin_older' | 'gateway_older' | 'different';

/** @returns undefined where they are the same */
export function versionGap(gateway: string, plugin: string): VersionGap | undefined {
  if (gateway === plugin) return undefined;
  const [ours, theirs] = [numbersOf(gateway), numbersOf(plugin)];
  if (ours === undefined || theirs === undefined) return 'different';
  const place = ours.findIndex((number, index) => number !== theirs[index]);
  // Only what follows the numbers differs, such as `-rc.1`.
  if (place < 0) return 'different';
  return ours[place]! > theirs[place]! ? 'plugin_older' : 'gateway_older';
}

/** https://semver.org/#spec-item-2 */
function numbersOf(version: string): readonly number[] | undefined {
  return /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![\d.])/.exec(version)?.slice(1).map(Number);
}

/** A version comes from NocoBase, and may be any text: what is shown of it is what a version may be made of. */
export function shownVersion(version: string): string {
  return /^[\w.+-]{1,64}$/.test(version) ? version : '?';
}
