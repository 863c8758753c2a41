import type * as doctor from './doctor.js';

export type { DingTalkCalls } from '../core/doctor/index.js';
export { DoctorModule } from './doctor.module.js';

/** Nobody who signs in needs the doctor: it is loaded when somebody asks. */
export const doctorOnCall = (): Promise<typeof doctor> => import('./doctor.js');
