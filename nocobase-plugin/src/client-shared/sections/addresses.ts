import { nocobaseUrl } from '../addresses.js';
import type { Client } from '../client-app.js';
import type { FormField } from '../form-field.js';
import { problemWithInternalGateway, problemWithNocobase, problemWithPins, problemWithReturnPaths } from '../rules.js';

/** Where NocoBase and a gateway reach each other, and where people come back to. */
export function addresses(client: Client): readonly FormField[] {
  return [
    {
      path: ['nocobaseUrl'],
      label: 'Address of NocoBase',
      help: 'As browsers reach it. Without a gateway the Redirect URL begins with it; with one it must equal NOCOBASE_PUBLIC_URL of the gateway.',
      control: 'Line',
      required: true,
      initial: nocobaseUrl(client),
      problem: problemWithNocobase,
    },
    {
      path: ['returnPaths'],
      label: 'Further pages',
      help: "After signing in, people come back to pages of NocoBase's own clients only. Name others, such as /portal, and press Enter after each.",
      control: 'List',
      initial: [],
      problem: problemWithReturnPaths,
    },
    {
      path: ['gatewayInternalUrl'],
      label: 'Internal gateway address',
      help: "How NocoBase's server reaches the gateway, if not by the address above, with the path of that address if it has one, such as http://gateway:3000/sso. If it changes, enter the Client Secret again.",
      control: 'Line',
      onlyBy: 'gateway',
      problem: problemWithInternalGateway,
    },
    {
      path: ['gatewayKeys'],
      label: 'Pinned keys of the gateway',
      help: 'Thumbprints (RFC 7638). With any here, what another key signed is refused. Before AUTH_COOKIE_SECRET of the gateway changes, add the new key; remove the old one when it is gone.',
      control: 'PinnedKeys',
      onlyBy: 'gateway',
      initial: [],
      problem: problemWithPins,
    },
  ];
}
