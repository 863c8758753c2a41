export {
  canBeReturnPath,
  checkedPath,
  type HandOffKind,
  pathChecker,
  type ReturnPathRules,
  returnPathPattern,
} from './return-path.js';
