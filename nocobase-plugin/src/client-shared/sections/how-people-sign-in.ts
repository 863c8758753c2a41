import type { FormSection } from '../form-field.js';
import { needsPrivateHttp, problemWithGateway, problemWithPrivateHttp } from '../rules.js';

/** By whom, and where that is. */
export const howPeopleSignIn: FormSection = {
  fields: [
    {
      path: ['signInBy'],
      label: 'How people sign in',
      control: 'SignInBy',
    },
    {
      path: ['gatewayUrl'],
      label: 'Gateway address',
      help: 'PUBLIC_URL of the gateway, as browsers reach it, such as https://sso.example.com',
      control: 'GatewayAddress',
      onlyBy: 'gateway',
      required: true,
      problem: problemWithGateway,
    },
    {
      path: ['allowPrivateHttp'],
      label: 'Allow http in a private network',
      help: "Whoever can read or change the traffic of this network can then take over any sign-in and any session. A gateway needs ALLOW_PRIVATE_HTTP=true, too. Better: https with a certificate of an internal CA; NocoBase's server trusts the root of a gateway's certificate by NODE_EXTRA_CA_CERTS.",
      control: 'Tick',
      initial: false,
      problem: problemWithPrivateHttp,
      checkedWhenEmpty: true,
      isShown: needsPrivateHttp,
    },
  ],
};
