export { type OpenApiSettings, readOpenApiSettings } from './openapi.config.js';
export { OpenApiModule } from './openapi.module.js';
