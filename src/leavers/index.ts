export { canKeepFiles, LeaverMemories } from './leaver-memories.js';
export { LeaversModule } from './leavers.module.js';
export { LeaversService } from './leavers.service.js';
export { PluginLeaverBook } from './plugin-leaver-book.js';
export { leaverWatch } from './running-watch.js';
export { MAX_PEOPLE } from './stock/leaver-records.js';
export { StockLeaverBook } from './stock/stock-leaver-book.js';
