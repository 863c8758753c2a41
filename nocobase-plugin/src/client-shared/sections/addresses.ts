import { nocobaseUrl } from '../addresses.js';
import type { Client } from '../client-app.js';
import type { FormField } from '../form-field.js';
import { problemWithInternalGateway, problemWithNocobase, problemWithPins, problemWithReturnPaths } from '../rules.js';

/** How NocoBase and a gateway reach each other, and where people return to. */
export function addresses(client: Client): readonly FormField[] {
  return [
    {
      path: ['nocobaseUrl'],
      label: 'Address of NocoBase',
      help: "The address that browsers use. Without a gateway, the Redirect URL begins with it; with a gateway, it must equal the gateway's NOCOBASE_PUBLIC_URL.",
      control: 'Line',
      required: true,
      initial: nocobaseUrl(client),
      problem: problemWithNocobase,
    },
    {
      path: ['returnPaths'],
      label: 'Further pages',
      help: "After sign-in, people return only to pages of NocoBase's own clients. Enter the paths of other pages here, such as /portal. Press Enter after each.",
      control: 'List',
      initial: [],
      problem: problemWithReturnPaths,
    },
    {
      path: ['gatewayInternalUrl'],
      label: 'Internal gateway address',
      help: "The address at which NocoBase's server reaches the gateway, if not the one above. Include the path of that address if it has one, such as http://gateway:3000/sso. If you change it, enter the Client Secret again.",
      control: 'Line',
      onlyBy: 'gateway',
      problem: problemWithInternalGateway,
    },
    {
      path: ['gatewayKeys'],
      label: 'Pinned keys of the gateway',
      help: "Thumbprints (RFC 7638). If any are entered, signatures by other keys are refused. Before you change the gateway's AUTH_COOKIE_SECRET, add the new key; remove the old one when it is no longer used.",
      control: 'PinnedKeys',
      onlyBy: 'gateway',
      initial: [],
      problem: problemWithPins,
    },
  ];
}
