import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packedPlugin } from './support/nocobase-plugin.js';

const ROOT = join(__dirname, '..');
/** The oldest supported versions: chapter 13 of the handbook. */
const FLOORS = { gateway: '1.9.23', plugin: '2.0.0', newClient: '2.1.0' };

/** Members that come from Koa, Sequelize or the logger, in every version: `ofLibraries` of the list. */
const OF_LIBRARIES =
  /^(?:Context\.(?:method|protocol|state|query|request|body|status|type|get|set|redirect)\b|TableModel\.|Transaction\.|Model\.|Log\.|FindOptions\.|Database\.sequelize\.)/;

type Uses = Readonly<
  Record<'packages' | 'server' | 'clients' | 'actions' | 'columns' | 'routes', Readonly<Record<string, string>>>
>;
const uses = JSON.parse(readFileSync(join(ROOT, 'nocobase-plugin/uses.json'), 'utf8')) as Uses;

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(folder, path));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** `Owner.member` and `Owner.member.member`, from the declarations that the plugin is checked against. */
function declared(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, owner: readonly string[]): void => {
    if (ts.isParameter(node)) return;
    let names = owner;
    if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) names = [node.name?.text ?? ''];
    const isMember = [
      ts.isPropertySignature,
      ts.isMethodSignature,
      ts.isPropertyDeclaration,
      ts.isMethodDeclaration,
    ].some((is) => is(node));
    const name = isMember ? (node as ts.PropertySignature).name : undefined;
    if (name !== undefined && ts.isIdentifier(name) && owner.length > 0) {
      names = [...owner, name.text];
      found.push(names.join('.'));
    }
    // Parameters and results belong to the vendor's call.
    if (ts.isMethodSignature(node) || ts.isMethodDeclaration(node)) return;
    ts.forEachChild(node, (child) => visit(child, names));
  };
  visit(ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true), []);
  return found;
}

function isOlder(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((one) => one.split('.').map(Number)) as [number[], number[]];
  const index = a.findIndex((part, at) => part !== b[at]);
  return index === -1 || a[index]! < b[index]!;
}

describe('The list of what we use of NocoBase', () => {
  it('has every package and name that the plugin imports', () => {
    const imported = sources('nocobase-plugin/src').flatMap((path) =>
      [...text(path).matchAll(/^import (?!type\b)\{([^}]*)\} from '(@nocobase\/[^']+)';/gm)].flatMap(
        ([, names, from]) =>
          (names ?? '')
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== '' && !name.startsWith('type '))
            // Our own declaration, not the vendor's name.
            .filter((name) => !['Application'].includes(name))
            .map((name) => `${from}: ${name}`),
      ),
    );
    expect([...new Set(imported)].toSorted()).toEqual(Object.keys(uses.packages).toSorted());
  });

  it('has every package that the built plugin imports from', () => {
    const built = (path: string): string =>
      execFileSync('tar', ['-xzOf', packedPlugin(), `package/dist/${path}`], { encoding: 'utf8', maxBuffer: 1e8 });
    const server = built('server/index.js');
    const ofServer = [...server.matchAll(/^(?:var|const) (\w+) = require\('(@nocobase\/[^']+)'\)/gm)].flatMap(
      ([, variable, from]) => {
        const names = [...server.matchAll(new RegExp(`(?<![.\\w])${variable ?? ''}\\.(\\w+)`, 'g'))].map(
          ([, name]) => name,
        );
        return names.map((name) => `${from}: ${name}`);
      },
    );
    expect(ofServer).toContain('@nocobase/server: Plugin');
    const isOfServer = /^@nocobase\/(?:server|auth|database|utils|actions)[:/]/;
    expect([...new Set(ofServer)].toSorted()).toEqual(
      Object.keys(uses.packages)
        .filter((name) => isOfServer.test(name))
        .toSorted(),
    );
    const ofClients = ['client', 'client-v2'].flatMap((client) => {
      const [, list = '[]'] = /^define\("[^"]+",(\[[^\]]*\])/.exec(built(`${client}/index.js`)) ?? [];
      return (JSON.parse(list) as string[]).filter((name) => name.startsWith('@nocobase/'));
    });
    const listed = Object.keys(uses.packages).filter((name) => !isOfServer.test(name));
    expect([...new Set(ofClients)].toSorted()).toEqual(
      [...new Set(listed.map((name) => name.replace(/: .*/, '')))].toSorted(),
    );
  }, 120_000);

  it('has every member of the server that the plugin can call', () => {
    const members = declared('nocobase-plugin/types/nocobase-server.d.ts').filter((name) => !OF_LIBRARIES.test(name));
    const listed = Object.keys(uses.server).filter((name) => !name.startsWith('authType.'));
    expect([...new Set(members)].toSorted()).toEqual(listed.filter((name) => !OF_LIBRARIES.test(name)).toSorted());
  });

  it('has every member of the clients that the plugin can call', () => {
    const members = [
      ...declared('nocobase-plugin/types/nocobase-client.d.ts'),
      ...declared('nocobase-plugin/src/client-shared/client-app.ts'),
    ].filter((name) => !/^(?:Client|PublicOptions)\./.test(name));
    const shown = Object.keys(uses.clients).filter((name) => /^(?:ClientApp|PublicAuthenticator|Plugin)\./.test(name));
    expect(shown.toSorted()).toEqual(expect.arrayContaining([...new Set(members)].toSorted()));
  });

  it('has every action that gateway and plugin call', () => {
    const ACTION =
      /\b((?:apiKeys|app|auth|authenticators|issuedTokens|roles|users|usersAuthenticators|rolesResources|collections|fields|pm|systemSettings):[a-z]\w+)/g;
    const asked = [...sources('src'), ...sources('nocobase-plugin/src'), ...sources('client')]
      .flatMap((path) => [...withoutComments(text(path)).matchAll(ACTION)].map(([, action]) => action!))
      .filter((action) => !/:(?:user|read|write|beforeSave)$/.test(action));
    expect(Object.keys(uses.actions)).toEqual(expect.arrayContaining([...new Set(asked)].toSorted()));
  });

  it('has only names that a program found in the first release of a supported version', () => {
    const names = JSON.parse(text('real-nocobase/older/names.json')) as Record<string, Record<string, string[]>>;
    const missing = Object.entries(names['2.0']!).flatMap(([id, list]) => list.map((name) => `${id}: ${name}`));
    expect(missing).toContain('@nocobase/utils: getAuthCookieOptions');
    expect(Object.keys(uses.packages).filter((name) => missing.includes(name))).toEqual([]);
  });

  it('has nothing that a supported version lacks', () => {
    const all = Object.entries({
      ...uses.packages,
      ...uses.server,
      ...uses.clients,
      ...uses.actions,
      ...uses.columns,
      ...uses.routes,
    });
    const late = (floor: string): string[] => all.filter(([, since]) => !isOlder(since, floor)).map(([name]) => name);
    // NocoBase calls it: where it does not, nothing is missing.
    const overridden = ['BaseAuth.setSessionCookies'];
    expect(late(FLOORS.newClient)).toEqual(overridden);
    // The new client of 2.0 has no sign-in page of its own, and that version has no addresses for sub-apps.
    const ofNewClient = /client-v2|\(v2\)|Loader$|new client|__app/;
    const missing = late(FLOORS.plugin).filter((name) => !ofNewClient.test(name));
    expect(missing).toEqual(overridden);
    const ofGateway = Object.entries({ ...uses.actions, ...uses.columns }).filter(
      ([, since]) => !isOlder(since, FLOORS.gateway),
    );
    expect(ofGateway).toEqual([]);
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
