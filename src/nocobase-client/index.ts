export { readNocoBaseOptions } from './nocobase.config.js';
export { NocoBaseClientModule } from './nocobase-client.module.js';
export type { NocoBaseClientOptions } from './nocobase-client.options.js';
export { AlreadyBoundError, AmbiguousBindingError, MissingRightError, NotUniqueError } from './nocobase.errors.js';
export { type NonEmptyString, nonEmptyString } from './non-empty-string.js';
export { type PhoneNumber, phoneNumber, type Region } from './phone-number.js';
export { isNocoBasesOwn, type ProfileField, profileField, type ProfileValues } from './profile-field.js';
export { type BrowserHandOff, type BrowserStorage, SessionHandOff } from './session-hand-off.js';
export { type NocoBaseSession, SessionIssuer } from './session-issuer.js';
export {
  type ComparedUser,
  type DirectoryUser,
  type FieldState,
  type Matches,
  type NewUser,
  type Subject,
  UserDirectory,
} from './user-directory.js';
