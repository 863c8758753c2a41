export { DEFAULT_REGION } from './default-region.js';
export { AccountMatcher, type AccountRules, type Match, type MatchedUser } from './account-matcher.js';
export {
  type AccountPolicy,
  admit,
  isProtected,
  mayLink,
  mustAgree,
  onlyOrganization,
  ROOT_USER_ID,
} from './account-policy.js';
export { AccountUpkeep } from './account-upkeep.js';
export {
  AccountConflictError,
  AlreadyBoundError,
  AmbiguousBindingError,
  MissingRightError,
  NotUniqueError,
} from './accounts.errors.js';
export type { ExternalIdentity } from './external-identity.js';
export { FIELD_PROBLEMS, type FieldRule, fieldRules, lackMemberRecord, problemWithFields } from './field-rule.js';
export { matchedFields, MATCH_RULES, type MatchRule } from './match-rule.js';
export { type NonEmptyString, nonEmptyString } from './non-empty-string.js';
export {
  canBeFound,
  formatToStore,
  numberIn,
  type PhoneNumber,
  phoneNumber,
  type Region,
  storedFormats,
} from './phone-number.js';
export { plainBinding, plainProfile, plainUser, writeOrPlain } from './plain-text.js';
export { isNocoBasesOwn, type ProfileField, profileField, type ProfileValues } from './profile-field.js';
export { lookAtStoredPhones, type StoredPhones } from './stored-phones.js';
export { PROFILE_FORM, selfServiceFields } from './profile-form.js';
export { ProfileKeeper } from './profile-keeper.js';
export { storableAttributes } from './profile-values.js';
export { fieldState, textToStore } from './stored-value.js';
export {
  type Binding,
  type BindingsOfUser,
  type BoundToSubject,
  type ComparedUser,
  type DirectoryUser,
  type FieldState,
  type Matches,
  type NewBinding,
  type NewUser,
  type Subject,
  type TakenOver,
  UserDirectory,
} from './user-directory.js';
