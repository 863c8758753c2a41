import { createContext, useContext } from 'react';
import type { Client } from './client-app.js';
import { type FormOptions, gatewayOf } from './settings.js';
import type { Text } from './text.js';

/** The form around a control, whichever client's it is. */
export interface FormState {
  readonly client: Client;
  /** Of the authenticator: a field of NocoBase's own. */
  readonly name: unknown;
  /** Whether NocoBase has this authenticator already. */
  readonly isStored: boolean;
  readonly options: FormOptions;
  readonly needOfSecret: NeedOfSecret;
  /** Whether something that is folded away must be put right. */
  readonly isFoldedWrong: boolean;
}

export const FormContext = createContext<FormState | undefined>(undefined);

/** @throws outside the settings form */
export function useFormState(): FormState {
  const state = useContext(FormContext);
  if (state === undefined) throw new Error('not in the settings form');
  return state;
}

/** `missing`: there is none. `moved`: the server will forget the one that it has, because another gateway would get it. */
export type NeedOfSecret = 'missing' | 'moved' | undefined;

/** What to say where the secret must be entered and is not. */
export const SENTENCE_OF_NEED = {
  missing: 'This field is required',
  moved: 'Another gateway would receive the Client Secret: enter it again.',
} as const satisfies Record<NonNullable<NeedOfSecret>, Text>;

/** Whether the secret must be entered. @param stored the options as NocoBase has them; empty while they are being loaded */
export function needOfSecret(options: FormOptions, stored: FormOptions): NeedOfSecret {
  if (options.hasClientSecret !== true) return 'missing';
  const gateway = gatewayOf(options);
  const isMoved = stored.gatewayUrl !== undefined && gateway !== undefined && gateway !== gatewayOf(stored);
  return isMoved ? 'moved' : undefined;
}
