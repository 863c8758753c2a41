export { GIVE_UP_MS, type Checked } from './hint-work.js';
export { type Inquired, Inquiry } from './inquiry.js';
export { LeaverWatch } from './leaver-watch.js';
export { type CheckRequest, MANY_MISSING, NIGHT_MARKS, SCOPE_CHANGED } from './nightly-check.js';
export { nightBefore, nightOf, type ScheduleParts, WatchSchedule } from './schedule.js';
export { concernsAll, type Unknown, unclearOf } from './unclear-of.js';
export type { NightCounts, NightOutcome, WatchObserver, WatchParts, WatchStep } from './watch-parts.js';
