// Shared by the builds of the program (program.mjs) and of NocoBase's plugin (nocobase-plugin/build.mjs).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folders of the libraries that contributed to a rollup output */
export function librariesIn({ output }) {
  const modules = output.flatMap((chunk) => Object.entries(chunk.modules ?? {}));
  return (
    modules
      .filter(([, { renderedLength }]) => renderedLength > 0)
      // rollup marks its virtual modules with a null character.
      .map(([id]) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace('\0', '').replaceAll('\\', '/'))?.[0])
      .filter((root) => root !== undefined)
  );
}

/**
 * Includes the license texts of bundled libraries, as these licenses require.
 *
 * @param libraries their folders; duplicates are allowed
 */
export function notices(libraries) {
  return [...new Set(libraries)]
    .toSorted((one, other) => one.localeCompare(other))
    .map((root) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const entries = readdirSync(root);
      const textOf = (pattern) =>
        entries.filter((entry) => pattern.test(entry)).map((entry) => readFileSync(join(root, entry), 'utf8').trim());
      // Without a file of its own, the license is in the readme.
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

/** For rollup: a warning about our own files fails the build, and so does an unresolved import. */
export function strict({ code, ids, id, loc, message }) {
  // TypeScript's decorator helper uses a top-level `this`.
  if (code === 'THIS_IS_UNDEFINED') return;
  // Warnings within libraries are ignored.
  const files = ids ?? [id ?? loc?.file ?? ''];
  if (code === 'UNRESOLVED_IMPORT' || !files.every((file) => file.includes('node_modules'))) throw new Error(message);
}
