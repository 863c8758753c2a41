export { enrich } from './enrich.js';
export { type OpenApiSettings, readOpenApiSettings } from './openapi.config.js';
export { OpenApiModule } from './openapi.module.js';
export { ROUTES } from './routes.js';
