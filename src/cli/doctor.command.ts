import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import { asJson, asReport, examine, isWell, type Lang } from '../doctor/index.js';
import { readSettings } from '../settings.js';
import { mustBeMeant } from './env-file-trust.js';
import type { Io } from './io.js';
import { serveForAMoment } from './serve-for-a-moment.js';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly lang?: Lang;
}

/** Looks at everything and says what to do; 1 where a sign-in could not work, or is not safe. */
export async function doctor({ json = false, lang }: DoctorOptions, io: Io, paint: Io['out']): Promise<number> {
  const language = lang ?? languageOf(io.environment);
  if (isComplete(io)) await mustBeMeant(io);
  if (!json) io.err(language === 'zh' ? '正在检测…\n' : 'Looking…\n');
  const chapters = await examine(io.environment, serveForAMoment, io.envFile);
  if (json) io.out(asJson(chapters, language));
  else paint(asReport(chapters, language, io.colours));
  return isWell(chapters) ? 0 : 1;
}

/** Of a configuration that cannot be read nothing is sent. */
function isComplete({ environment, envFile }: Io): boolean {
  try {
    readSettings(environment, envFile);
    return true;
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return false;
    throw error;
  }
}

/** As POSIX orders them: the first that is set decides. */
function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Environment): Lang {
  return (LC_ALL || LC_MESSAGES || LANG || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
