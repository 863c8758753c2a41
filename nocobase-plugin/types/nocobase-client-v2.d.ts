export { Plugin, useApp } from './nocobase-client.js';
