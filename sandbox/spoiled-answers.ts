import type { Answer } from './http.js';

const HUGE_BODY_BYTES = 8 * 1024 * 1024;

/** `{"__proto__": …}` in JSON text becomes an own key when parsed, and a polluted prototype when merged carelessly. */
const PROTO_KEYS = '"__proto__":{"polluted":true,"admin":true},"constructor":{"prototype":{"polluted":true}}';

/** Half of the real answer, under a header that still declares it complete. */
export const truncated = (answer: Answer): Answer => ({
  ...answer,
  body: answer.body.slice(0, Math.floor(answer.body.length / 2)),
});

export const mislabelled = (answer: Answer): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'content-type': 'text/html;charset=UTF-8' },
});

export const withProtoKeys = (answer: Answer): Answer => withMembers(answer, PROTO_KEYS);

export const huge = (answer: Answer): Answer => withMembers(answer, `"padding":"${'x'.repeat(HUGE_BODY_BYTES)}"`);

/** Numbers and booleans as strings, as the documentation's samples print them: `"errcode":"0"`. */
export const stringly = (answer: Answer): Answer => ({
  ...answer,
  body: answer.body.replace(/":(-?\d+(?:\.\d+)?|true|false)(?=[,}])/g, '":"$1"'),
});

/** Adds members to the front of a JSON object without parsing it; leaves pages and empty bodies alone. */
function withMembers(answer: Answer, members: string): Answer {
  if (!answer.body.startsWith('{')) return answer;
  const rest = answer.body.slice(1);
  return { ...answer, body: `{${members}${rest === '}' ? '' : ','}${rest}` };
}
