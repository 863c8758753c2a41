export { GIVE_UP_MS, type Looked } from './hint-work.js';
export { type Inquired, Inquiry } from './inquiry.js';
export { LeaverWatch } from './leaver-watch.js';
export { type LookRequest, MANY_MISSING, NIGHT_MARKS, SCOPE_CHANGED } from './look.js';
export { nightBefore, nightOf, type ScheduleParts, WatchSchedule } from './schedule.js';
export { concernsAll, type Unknown, unclearOf } from './unclear-of.js';
export type { NightCounts, NightOutcome, WatchObserver, WatchParts, WatchStep } from './watch-parts.js';
