// Without the table of routes and what fills it in: only the generator needs them, no running gateway.
export { type OpenApiSettings, readOpenApiSettings } from './openapi.config.js';
export { OpenApiModule } from './openapi.module.js';
