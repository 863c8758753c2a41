import { InvalidEnvironmentError } from '../config/index.js';
import { doctorOnCall } from '../doctor/index.js';
import { readSettings } from '../settings.js';
import { mustBeMeant } from './env-file-trust.js';
import type { Io } from './io.js';
import { serveForAMoment } from './serve-for-a-moment.js';
import { TEXTS } from './texts.js';

export interface DoctorOptions {
  readonly json?: boolean;
}

/** Runs all checks and says what to do; 1 if sign-ins cannot work, or are not safe. */
export async function doctor({ json = false }: DoctorOptions, io: Io, paint: Io['out']): Promise<number> {
  const { lang } = io;
  const { asJson, asReport, examine, isWell } = await doctorOnCall();
  if (isComplete(io)) await mustBeMeant(io);
  if (!json) io.err(`${TEXTS.looking[lang]}\n`);
  const sections = await examine(io.environment, serveForAMoment, io.envFile);
  if (json) io.out(asJson(sections, lang));
  else paint(asReport(sections, lang, io.colours));
  return isWell(sections) ? 0 : 1;
}

/** Nothing is sent with an unreadable configuration. */
function isComplete({ environment, envFile }: Io): boolean {
  try {
    readSettings(environment, envFile);
    return true;
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return false;
    throw error;
  }
}
