import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An upstream in a separate process, so that only the caller's CPU time is counted. Prints its port. */
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"unionId":"Uabcdefghijkl","nick":"Li Lei"}');
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
