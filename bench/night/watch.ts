import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DingTalkDirectory, Pace, systemClock, unshared } from '../../src/core/dingtalk/index.js';
import { LeaverWatch } from '../../src/core/leaver-watch/index.js';
import { PluginLeaverBook } from '../../src/leavers/plugin-leaver-book.js';
import { PluginClient, Signer } from '../../src/plugin-client/index.js';
import { upstreamForCommands } from '../../src/upstream/index.js';
import type { Checked, Night, Ready } from './protocol.js';

// The part of a gateway that runs the nightly check, in a separate process, so that its memory can be measured. The double of
// DingTalk allows any number of calls a second, so they are not paced; everything else is the gateway's own code.

/** Number of heap measurements during the check. */
const LOOKS = 10;
const TIMEOUT_MS = 30_000;
/** For the nightly check: `Infinity` per second means no pause between two calls. */
const UNPACED = new Pace(systemClock, Infinity);

const signer = new Signer(['a-cookie-secret-for-benchmarks-and-not-a-real-one']);
const keys = createServer((_request, response) => {
  response.setHeader('content-type', 'application/jwk-set+json');
  response.end(JSON.stringify(signer.publicKeys()));
}).listen(0, '127.0.0.1');
await once(keys, 'listening');
const url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}`;

const concluded = new Map<string, number>();

function watchOf({ nocobaseUrl, dingTalkUrl, authenticator, corpId, clientId, clientSecret }: Night): LeaverWatch {
  const target = { url: nocobaseUrl, publicUrl: nocobaseUrl, app: 'main', timeoutMs: TIMEOUT_MS };
  const application = {
    authenticator,
    clientId,
    clientSecret,
    identity: 'profile',
    corpIds: [corpId],
    callbackUrl: `${url}/callback`,
    loginUrl: dingTalkUrl,
    apiUrl: dingTalkUrl,
    oapiUrl: dingTalkUrl,
    timeoutMs: TIMEOUT_MS,
  } as const;
  return new LeaverWatch({
    book: new PluginLeaverBook(new PluginClient(upstreamForCommands(), signer, url), target, authenticator),
    directory: new DingTalkDirectory({ http: upstreamForCommands(), tokens: unshared }, application, UNPACED),
    clock: systemClock,
    corpId,
    observer: {
      concluded: (_person, conclusion) => void concluded.set(conclusion, (concluded.get(conclusion) ?? 0) + 1),
    },
  });
}

async function check(night: Night): Promise<Checked> {
  concluded.clear();
  const bytesBefore = process.memoryUsage.rss();
  const heldBefore = heldBytes();
  const heldAfter: [number, number][] = [];
  let tenth = 0;
  const { end, why, counts } = await watchOf(night).night({
    onProgress: (done, of) => {
      if (Math.floor((done / of) * LOOKS) === tenth) return;
      tenth = Math.floor((done / of) * LOOKS);
      heldAfter.push([done, heldBytes()]);
    },
  });
  const { asked, here, unclear } = counts;
  return {
    end,
    ...(why !== undefined && { why }),
    asked,
    here,
    unclear,
    concluded: Object.fromEntries(concluded),
    bytesBefore,
    // `ru_maxrss` is in KiB: https://nodejs.org/api/process.html#processresourceusage
    bytesHighest: process.resourceUsage().maxRSS * 1024,
    heldBefore,
    heldAfter,
  };
}

/** Requires `--expose-gc`. */
function heldBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

process.on('message', (night: Night) => {
  check(night).then(
    (checked) => process.send?.(checked),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
// The parent process has ended.
process.on('disconnect', () => process.exit(0));
process.send?.({ url } satisfies Ready);
