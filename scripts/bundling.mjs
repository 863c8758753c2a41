// What the builds of the program (program.mjs) and of NocoBase's plugin (nocobase-plugin/build.mjs) share.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folders of the libraries of which something is in a rollup output */
export function librariesIn({ output }) {
  const modules = output.flatMap((chunk) => Object.entries(chunk.modules ?? {}));
  return (
    modules
      .filter(([, { renderedLength }]) => renderedLength > 0)
      // rollup marks what stands for a file with a null character.
      .map(([id]) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace('\0', '').replaceAll('\\', '/'))?.[0])
      .filter((root) => root !== undefined)
  );
}

/**
 * What the licenses of bundled libraries ask for: their texts go along.
 *
 * @param libraries their folders, each as often as you like
 */
export function notices(libraries) {
  return [...new Set(libraries)]
    .toSorted((one, other) => one.localeCompare(other))
    .map((root) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const entries = readdirSync(root);
      const textOf = (pattern) =>
        entries.filter((entry) => pattern.test(entry)).map((entry) => readFileSync(join(root, entry), 'utf8').trim());
      // Without a file of its own a license stands in the readme.
      const [text] = [
        ...textOf(/^licen[cs]e(?:\.|$)/i),
        ...textOf(/^readme/i).filter((readme) => /licen[cs]e/i.test(readme)),
      ];
      if (text === undefined) throw new Error(`${name} does not say its license`);
      const further = textOf(/^(?:copyright)?notice(?:\.|$)/i);
      return `${name} ${version} (${license ?? 'see below'})\n\n${[text, ...further].join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** For rollup: a `.json` file as a module. */
export function json() {
  return {
    name: 'json',
    transform: (code, id) => (id.endsWith('.json') ? { code: `export default ${code};`, map: null } : null),
  };
}

/** For rollup: what it warns of in our own files ends the build, and so does an import that leads nowhere. */
export function strict({ code, ids, id, loc, message }) {
  // TypeScript's helper for decorators asks for a `this`.
  if (code === 'THIS_IS_UNDEFINED') return;
  // What libraries do among themselves is theirs.
  const files = ids ?? [id ?? loc?.file ?? ''];
  if (code === 'UNRESOLVED_IMPORT' || !files.every((file) => file.includes('node_modules'))) throw new Error(message);
}
