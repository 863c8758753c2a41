import React from 'react';
import { isText } from '../../../src/core/browser/index.js';
import { AUTHENTICATOR_NAME } from '../../../src/core/settings/form-rules.js';
import type { SignInBy } from '../server/sign-in-by.js';
import { eventsUrlOfGateway, eventsUrlOfNocobase, redirectUrlOfGateway, redirectUrlOfNocobase } from './addresses.js';
import { useAppName } from './app-name.js';
import { CopiedAddress } from './copied-address.js';
import { type FormState, useFormState } from './form-state.js';
import { problemWithGateway, problemWithNocobase } from './rules.js';
import { signInByOf } from './settings.js';
import type { Text } from './text.js';

const FIRST = {
  gateway: 'Please enter the gateway address first',
  nocobase: 'Please enter Auth UID and Address of NocoBase first',
} as const satisfies Record<SignInBy, Text>;

const LABELS = { redirect: 'Redirect URL', events: 'Request URL for events' } as const satisfies Record<string, Text>;

/** DingTalk redirects people back to this address. */
export function RedirectUrl({ id }: { id?: string | undefined }) {
  const url = useAddress({ gateway: redirectUrlOfGateway, nocobase: redirectUrlOfNocobase });
  return <CopiedAddress id={id} {...url} label={LABELS.redirect} />;
}

/** DingTalk sends the organization's events to this address if they arrive by HTTP. */
export function EventsUrl({ id }: { id?: string | undefined }) {
  const url = useAddress({ gateway: eventsUrlOfGateway, nocobase: eventsUrlOfNocobase });
  return <CopiedAddress id={id} {...url} label={LABELS.events} />;
}

interface Ways {
  readonly gateway: typeof redirectUrlOfGateway;
  readonly nocobase: typeof redirectUrlOfNocobase;
}

/** Computed from the authenticator's name and the address of the side that signs people in. */
function useAddress(ways: Ways): { url: string | undefined; missing: Text } {
  const form = useFormState();
  const appName = useAppName(form.client.app);
  return { url: urlOf(ways, form, appName), missing: FIRST[signInByOf(form.options)] };
}

function urlOf(ways: Ways, { client, name, options }: FormState, appName: string | undefined): string | undefined {
  const { gatewayUrl, nocobaseUrl } = options;
  if (!isText(name) || !AUTHENTICATOR_NAME.test(name)) return undefined;
  if (signInByOf(options) === 'gateway') {
    const isGood = isText(gatewayUrl) && problemWithGateway(gatewayUrl, options) === undefined;
    return isGood ? ways.gateway(gatewayUrl, name) : undefined;
  }
  const isGood = isText(nocobaseUrl) && problemWithNocobase(nocobaseUrl, options) === undefined;
  return isGood && appName !== undefined ? ways.nocobase(client, nocobaseUrl, appName, name) : undefined;
}
