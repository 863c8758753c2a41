// What the licenses of bundled libraries ask for: their texts go along.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folders of the libraries of which something is in a rollup output */
export function librariesIn({ output }) {
  const modules = output.flatMap((chunk) => Object.entries(chunk.modules ?? {}));
  return (
    modules
      .filter(([, { renderedLength }]) => renderedLength > 0)
      // rollup marks what stands for a file with a null character.
      .map(([id]) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace('\0', ''))?.[0])
      .filter((root) => root !== undefined)
  );
}

/** @param libraries their folders, each as often as you like */
export function notices(libraries) {
  return [...new Set(libraries)]
    .toSorted((one, other) => one.localeCompare(other))
    .map((root) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const entries = readdirSync(root);
      // Without a file of its own a license stands in the readme, or is only named.
      const file = [/^licen[cs]e(?:\.|$)/i, /^readme/i]
        .map((pattern) => entries.find((entry) => pattern.test(entry)))
        .find((entry) => entry !== undefined);
      if (license === undefined && file === undefined) throw new Error(`${name} does not say its license`);
      const text = file === undefined ? '' : `\n${readFileSync(join(root, file), 'utf8').trim()}\n`;
      return `${name} ${version} (${license ?? 'see below'})\n${text}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
