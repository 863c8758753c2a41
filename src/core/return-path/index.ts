export {
  canBeReturnPath,
  checkedPath,
  DEFAULT_RETURN_PATH,
  type HandOffKind,
  pathChecker,
  type ReturnPath,
  type ReturnPathRules,
  returnPathPattern,
} from './return-path.js';
