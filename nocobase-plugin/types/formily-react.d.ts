import type { ComponentType } from 'react';

export interface Form {
  readonly values: Readonly<Record<string, unknown>>;
  /** The loaded values, whatever was typed since. */
  readonly initialValues: Readonly<Record<string, unknown>>;
}
export declare function useForm(): Form;
/** Renders again when the values that it reads from a form change. */
export declare function observer<Props>(component: ComponentType<Props>): ComponentType<Props>;
