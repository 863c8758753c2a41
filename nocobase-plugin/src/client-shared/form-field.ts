import { isText } from '../../../src/core/browser/index.js';
import type { SignInBy } from '../server/sign-in-by.js';
import { holdsVariable, variablesIn } from '../server/variables.js';
import type { ControlName } from './controls.js';
import type { Problem } from './rules.js';
import { type FormOptions, signInByOf, valueAt } from './settings.js';
import type { Text } from './text.js';

/** One setting: the same in both clients, each of which shows it in the manner of its own forms. */
export interface FormField {
  /** Below `options`. */
  readonly path: readonly string[];
  readonly label: Text;
  readonly help?: Text;
  readonly control: ControlName;
  /** Only for this way to sign people in. The form keeps it while the other one is chosen. */
  readonly onlyBy?: SignInBy;
  readonly required?: boolean;
  readonly initial?: unknown;
  readonly problem?: (value: unknown, options: FormOptions) => Problem;
  /** Of NocoBase's, `{{ $env.X }}`. */
  readonly mayHoldVariable?: boolean;
  /** Else only what was filled in is looked at. */
  readonly checkedWhenEmpty?: boolean;
  /** Else it is not there at all, and means what it means by default. */
  readonly isShown?: (options: FormOptions) => boolean;
}

export interface FormSection {
  readonly title?: Text;
  readonly fields: readonly FormField[];
  /** Shown once somebody asks for it, or something in it must be put right. */
  readonly isFolded?: boolean;
}

/** As Formily names it: `hidden` is kept and sent, and nobody sees it; `none` is not sent. */
export function displayOf({ onlyBy, isShown }: FormField, options: FormOptions): 'visible' | 'hidden' | 'none' {
  if (onlyBy !== undefined && onlyBy !== signInByOf(options)) return 'hidden';
  return isShown === undefined || isShown(options) ? 'visible' : 'none';
}

/** What is wrong with what stands in a field; that something stands in it is the forms' own to ask for. */
export function problemOf(field: FormField, value: unknown, options: FormOptions): Problem {
  const isEmpty = value === undefined || value === null || value === '' || value === false;
  if (isEmpty && field.checkedWhenEmpty !== true) return undefined;
  return problemWithVariable(field, value) ?? field.problem?.(value, options);
}

/** Whether something that is folded away must be put right. What the form has not filled in yet is `undefined`. */
export function isFoldedWrong(sections: readonly FormSection[], options: FormOptions): boolean {
  const isWrong = (field: FormField): boolean => {
    const value = valueAt(options, field.path);
    const isEmptied = value === '' || value === null;
    return (
      displayOf(field, options) === 'visible' &&
      ((field.required === true && isEmptied) || problemOf(field, value, options) !== undefined)
    );
  };
  return sections.some(({ isFolded, fields }) => isFolded === true && fields.some(isWrong));
}

/** The server knows which variables there are, and which of them are secrets. */
function problemWithVariable({ mayHoldVariable, control }: FormField, value: unknown): Problem {
  if (!holdsVariable(value)) return undefined;
  if (control === 'Secret') return 'settings.variableInSecret';
  return mayHoldVariable === true && isText(value) && variablesIn(value) !== undefined
    ? undefined
    : 'settings.variable';
}
