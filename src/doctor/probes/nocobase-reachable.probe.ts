import { z } from 'zod';
import { ANY, attention, ExchangeError, failed, type Finding, ok, type Probe } from '../../core/doctor/index.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { DoctorContext } from '../doctor-context.js';
import { REACHABLE } from '../texts/nocobase.js';

const info = z.object({ data: z.object({ version: z.string().regex(/^\d+\.[\w.-]{1,40}$/) }) });

export const reachableProbe: Probe<DoctorContext> = {
  id: 'nocobase.reachable',
  title: REACHABLE.title,
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    try {
      const answer = await nocobase.anonymousCheck();
      const code = nocoBaseCode(answer);
      if (answer.status === 401 && code === 'EMPTY_TOKEN') return versionOf(await nocobase.get('app:getInfo'));
      if (code === 'APP_NOT_FOUND') {
        return failed(REACHABLE.noApplication(options.app), REACHABLE.setApplication);
      }
      if (answer.status === 503) {
        return failed(REACHABLE.starting(code), REACHABLE.wait);
      }
      return anotherProgram(options.url, answer.status);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      return failed(ANY.doesNotAnswer(options.url, error.code), REACHABLE.startIt);
    }
  },
};

function versionOf({ json }: { json: unknown }): Finding {
  const version = info.safeParse(json).data?.data.version;
  if (version === undefined) return ok(REACHABLE.versionUnknown);
  if (Number(version.split('.')[0]) >= 2) return ok(REACHABLE.version(version));
  return attention(REACHABLE.version(version), REACHABLE.planUpdate);
}

function anotherProgram(url: string, status: number): Finding {
  return failed(
    REACHABLE.anotherProgram(url, status),
    status >= 300 && status < 400 ? REACHABLE.followRedirect : REACHABLE.setToNocoBase,
  );
}
