export {
  type Brake,
  brake,
  BRAKE_FLOOR,
  BRAKE_SHARE,
  BRAKE_WINDOW_MS,
  type BrakeCounts,
  REFUSED_SHARE,
} from './brake.js';
export { conclude, isHeldBy, isNews, isUnlockedByReturn, type LeaverFacts } from './conclusion.js';
export { type Evidence, type Finding, isOfLeaving, type Origin, ORIGINS, UNCLEAR, type Unclear } from './evidence.js';
export {
  type BoundPerson,
  type Conclusion,
  CONCLUSIONS,
  type Hint,
  LeaverBook,
  type Returned,
  type SeenPerson,
  type WatchState,
} from './leaver-book.js';
export { EVENT_WAYS, type EventWay, LEAVER_MODES, type LeaverMode } from './modes.js';
export type { EventListener, Noted, OrganizationEvent } from './organization-event.js';
