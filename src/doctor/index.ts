import type * as doctor from './doctor.js';

export type { DingTalkCalls } from '../core/doctor/index.js';
export { DoctorModule } from './doctor.module.js';

/** Loaded on demand, because sign-ins do not need the doctor. */
export const doctorOnCall = (): Promise<typeof doctor> => import('./doctor.js');
