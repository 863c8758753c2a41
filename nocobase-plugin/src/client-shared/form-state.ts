import { createContext, useContext } from 'react';
import type { Client } from './client-app.js';
import { type FormOptions, gatewayOf } from './settings.js';
import type { Text } from './text.js';

/** The form around a control, in either client. */
export interface FormState {
  readonly client: Client;
  /** The authenticator's name, a field of NocoBase's own. */
  readonly name: unknown;
  /** Whether NocoBase has already saved this authenticator. */
  readonly isStored: boolean;
  readonly options: FormOptions;
  readonly needOfSecret: NeedOfSecret;
  /** Whether a folded field has a problem. */
  readonly isFoldedWrong: boolean;
}

export const FormContext = createContext<FormState | undefined>(undefined);

/** @throws if used outside the settings form */
export function useFormState(): FormState {
  const state = useContext(FormContext);
  if (state === undefined) throw new Error('not in the settings form');
  return state;
}

/** `missing`: no secret is stored. `moved`: the server will discard the stored one, because another gateway would receive it. */
export type NeedOfSecret = 'missing' | 'moved' | undefined;

/** The message if the secret has to be entered and was not. */
export const SENTENCE_OF_NEED = {
  missing: 'This field is required',
  moved: 'Another gateway would receive the Client Secret: enter it again.',
} as const satisfies Record<NonNullable<NeedOfSecret>, Text>;

/** Whether the secret has to be entered. @param stored the options that NocoBase has saved; empty while they are loading */
export function needOfSecret(options: FormOptions, stored: FormOptions): NeedOfSecret {
  if (options.hasClientSecret !== true) return 'missing';
  const gateway = gatewayOf(options);
  const isMoved = stored.gatewayUrl !== undefined && gateway !== undefined && gateway !== gatewayOf(stored);
  return isMoved ? 'moved' : undefined;
}
