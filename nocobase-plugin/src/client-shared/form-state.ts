import { createContext, useContext, useRef } from 'react';
import type { Client } from './client-app.js';
import { type FormOptions, gatewayOf } from './settings.js';

/** The form around a control, whichever client's it is. */
export interface FormState {
  readonly client: Client;
  /** Of the authenticator: a field of NocoBase's own. */
  readonly name: unknown;
  /** Whether NocoBase has this authenticator already. */
  readonly isStored: boolean;
  readonly options: FormOptions;
}

export const FormContext = createContext<FormState | undefined>(undefined);

/** @throws outside the settings form */
export function useFormState(): FormState {
  const state = useContext(FormContext);
  if (state === undefined) throw new Error('not in the settings form');
  return state;
}

/** Says whether the secret must be entered: there is none, or the server will forget it because the gateway is another. */
export function useNeedOfSecret(): (options: FormOptions) => boolean {
  const stored = useRef<string | undefined>(undefined);
  return (options) => {
    if (options.hasClientSecret !== true) return true;
    // A form may be filled in several steps; with the gateway's address it is.
    if (options.gatewayUrl !== undefined) stored.current ??= gatewayOf(options);
    return stored.current !== undefined && gatewayOf(options) !== stored.current;
  };
}
