/** How the versions of gateway and plugin differ: which of the two is older, if that can be told. */
export type VersionGap = 'plugin_older' | 'gateway_older' | 'different';

/** @returns undefined if they are equal */
export function versionGap(gateway: string, plugin: string): VersionGap | undefined {
  if (gateway === plugin) return undefined;
  const [ours, theirs] = [numbersOf(gateway), numbersOf(plugin)];
  if (ours === undefined || theirs === undefined) return 'different';
  const place = ours.findIndex((number, index) => number !== theirs[index]);
  // They differ only after the numbers, such as by `-rc.1`.
  if (place < 0) return 'different';
  return ours[place]! > theirs[place]! ? 'plugin_older' : 'gateway_older';
}

/** https://semver.org/#spec-item-2 */
function numbersOf(version: string): readonly number[] | undefined {
  return /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![\d.])/.exec(version)?.slice(1).map(Number);
}

/** The plugin's version comes from NocoBase and may be any text, so only a valid version is shown. */
export function shownVersion(version: string): string {
  return /^[\w.+-]{1,64}$/.test(version) ? version : '?';
}
