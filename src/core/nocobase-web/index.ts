export {
  apiPath,
  apiPathInApp,
  appInPath,
  DEFAULT_API_BASE_PATH,
  DEFAULT_MODERN_PREFIX,
  DEFAULT_STORAGE_PREFIX,
  DEFAULT_STORAGE_TYPE,
  homePage,
  modernPrefix,
  ofApp,
  pagePath,
  type PlaceSettings,
  signInPath,
  STORAGE_TYPES,
  type StorageKeys,
  storageKeys,
  type StorageType,
} from './places.js';
export { isApiBasePath, isModernPrefix, isStoragePrefix } from './place-rules.js';
export { type PagePlaces, placesInPage } from './page-places.js';
