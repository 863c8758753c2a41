import { isText } from '../../../src/core/browser/index.js';
import type { SignInBy } from '../server/sign-in-by.js';
import { holdsVariable, variablesIn } from '../server/variables.js';
import type { ControlName } from './controls.js';
import type { Problem } from './rules.js';
import { type FormOptions, signInByOf, valueAt } from './settings.js';
import type { Text } from './text.js';

/** One setting, the same in both clients; each client renders it with its own kind of form. */
export interface FormField {
  /** Path below `options`. */
  readonly path: readonly string[];
  readonly label: Text;
  readonly help?: Text;
  readonly control: ControlName;
  /** Applies only to this way of signing people in. The form keeps the value while the other way is selected. */
  readonly onlyBy?: SignInBy;
  readonly required?: boolean;
  readonly initial?: unknown;
  readonly problem?: (value: unknown, options: FormOptions) => Problem;
  /** A variable of NocoBase, `{{ $env.X }}`. */
  readonly mayHoldVariable?: boolean;
  /** By default only a non-empty value is checked. */
  readonly checkedWhenEmpty?: boolean;
  /** If not shown, the setting is not saved either, and its default applies. */
  readonly isShown?: (options: FormOptions) => boolean;
}

export interface FormSection {
  readonly title?: Text;
  readonly fields: readonly FormField[];
  /** Shown on request, or when a field in it has a problem. */
  readonly isFolded?: boolean;
}

/** In Formily's terms: `hidden` is invisible but kept and sent, `none` is not sent. */
export function displayOf({ onlyBy, isShown }: FormField, options: FormOptions): 'visible' | 'hidden' | 'none' {
  if (onlyBy !== undefined && onlyBy !== signInByOf(options)) return 'hidden';
  return isShown === undefined || isShown(options) ? 'visible' : 'none';
}

/** What is wrong with the content of a field. Whether a required field is empty is checked by the forms themselves. */
export function problemOf(field: FormField, value: unknown, options: FormOptions): Problem {
  const isEmpty = value === undefined || value === null || value === '' || value === false;
  if (isEmpty && field.checkedWhenEmpty !== true) return undefined;
  return problemWithVariable(field, value) ?? field.problem?.(value, options);
}

/** Whether a folded field has a problem. Values that the form has not set yet are `undefined`. */
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

/** The server knows which variables exist and which of them are secret. */
function problemWithVariable({ mayHoldVariable, control }: FormField, value: unknown): Problem {
  if (!holdsVariable(value)) return undefined;
  if (control === 'Secret') return 'settings.variableInSecret';
  return mayHoldVariable === true && isText(value) && variablesIn(value) !== undefined
    ? undefined
    : 'settings.variable';
}
