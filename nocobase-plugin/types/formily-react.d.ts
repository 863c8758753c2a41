import type { ComponentType } from 'react';

export interface Form {
  readonly values: Readonly<Record<string, unknown>>;
  /** What was loaded, whatever was typed since. */
  readonly initialValues: Readonly<Record<string, unknown>>;
}
export declare function useForm(): Form;
/** Renders again when what was read of a form changes. */
export declare function observer<Props>(component: ComponentType<Props>): ComponentType<Props>;
