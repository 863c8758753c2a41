import { withBrowsers } from '../harness/drive.js';
import type { Program } from '../harness/program.js';
import { signIn } from '../harness/sign-in.js';
import type { Person } from '../upstream/people.js';
import type { Upstreams } from '../upstream/upstreams.js';

const SIGN_INS = 20;

/**
 * The double's calls per sign-in. All contestants must make the same ones, or they do not do the same work.
 *
 * @returns names such as `gateway: NocoBase usersAuthenticators:list per sign-in`
 */
export async function callsPerSignIn(
  programs: readonly Program[],
  upstreams: Upstreams,
  person: () => Person,
): Promise<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const { name, url } of programs) {
    await upstreams.counts();
    await withBrowsers(1, async ([browser]) => {
      for (let done = 0; done < SIGN_INS; done += 1) await signIn(browser!, { startAt: url }, person());
    });
    const { calls } = await upstreams.counts();
    for (const upstream of ['DingTalk', 'NocoBase']) {
      const asked = Object.entries(calls).filter(
        ([call]) => call.startsWith(upstream) && !call.includes('tokenControl'),
      );
      numbers[`${name}: ${upstream} calls per sign-in`] = asked.reduce((sum, [, count]) => sum + count, 0) / SIGN_INS;
    }
  }
  return numbers;
}
