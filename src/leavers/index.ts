export { LeaversModule } from './leavers.module.js';
export { LeaversService } from './leavers.service.js';
