export { PinoLoggerService } from './pino-logger.service.js';
