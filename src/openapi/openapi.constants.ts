export const OPENAPI_DOCUMENT = Symbol('the OpenAPI document to serve');
