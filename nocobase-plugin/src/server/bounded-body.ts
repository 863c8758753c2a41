/** The longest body of a gateway that is read, unpacked. The longest honest one is a report of some KiB. */
const MAX_BYTES = 1024 * 1024;

/**
 * `fetch` whose answer ends after so much: the address is of an administrator's choice, the memory is everybody's.
 *
 * @throws TypeError, like fetch, where it is longer
 */
export async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > MAX_BYTES) throw new TypeError('the answer is too long');
    chunks.push(chunk);
  }
  const { status, headers } = response;
  return new Response(isBodiless(status) ? null : Buffer.concat(chunks), { status, headers });
}

/** https://fetch.spec.whatwg.org/#null-body-status */
function isBodiless(status: number): boolean {
  return [204, 205, 304].includes(status);
}
