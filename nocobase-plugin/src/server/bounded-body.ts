/** The longest response of a gateway that is read, decompressed. The longest legitimate one is a report of a few KiB. */
const MAX_BYTES = 1024 * 1024;

/**
 * `fetch` with a limit on the response body: an administrator chooses the address, but everyone shares the memory.
 *
 * @throws TypeError, like fetch, if the body is longer
 */
export async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop closes the connection.
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
