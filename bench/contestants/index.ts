/** The contestants: a name for the tables, and the script that a user would start, from the project's folder. */
export interface Contestant {
  readonly name: string;
  readonly script: string;
}

export const GATEWAY: Contestant = { name: 'gateway', script: 'dist/main.js' };
export const EXPRESS: Contestant = {
  name: 'Express + passport-oauth2',
  script: 'build/bench/contestants/express-passport.js',
};
export const FLOOR: Contestant = { name: 'bare floor', script: 'build/bench/contestants/bare-floor.js' };
export const FASTIFY: Contestant = { name: 'bare Fastify', script: 'build/bench/contestants/bare-fastify.js' };
