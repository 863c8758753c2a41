// The image's health check: asks the gateway in the same container whether it is alive. Exit code 0 or 1.
import { get } from 'node:http';

const given = (name, otherwise) => process.env[name]?.trim() || otherwise;

const publicUrl = given('PUBLIC_URL', 'http://localhost');
const host = given('HOST', '0.0.0.0')
  .replace(/^0\.0\.0\.0$/, '127.0.0.1')
  .replace(/^::$/, '::1');
const path = `${new URL(publicUrl).pathname.replace(/\/+$/, '')}/health/live`;

// A separate agent, because a proxy from the environment does not apply to this call.
const request = get({ host, port: given('PORT', '3000'), path, agent: false, timeout: 3000 }, (answer) => {
  answer.resume();
  if (answer.statusCode !== 200) fail(`HTTP ${answer.statusCode}`);
});
request.once('timeout', () => request.destroy(new Error('no answer in time')));
request.once('error', (error) => fail(error.message));

function fail(reason) {
  process.stderr.write(`${path}: ${reason}\n`);
  process.exitCode = 1;
}
