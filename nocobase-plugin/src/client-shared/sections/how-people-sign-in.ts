import type { FormSection } from '../form-field.js';
import { needsPrivateHttp, problemWithGateway, problemWithPrivateHttp } from '../rules.js';

/** Who signs people in, and at which address. */
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
      help: "The gateway's PUBLIC_URL, the address that browsers use, such as https://sso.example.com",
      control: 'GatewayAddress',
      onlyBy: 'gateway',
      required: true,
      problem: problemWithGateway,
    },
    {
      path: ['allowPrivateHttp'],
      label: 'Allow http in a private network',
      help: "Anyone who can read or change the traffic in this network can then take over any sign-in and any session. A gateway also needs ALLOW_PRIVATE_HTTP=true. Better: https with a certificate from an internal CA; set NODE_EXTRA_CA_CERTS so that NocoBase's server trusts the root of a gateway's certificate.",
      control: 'Tick',
      initial: false,
      problem: problemWithPrivateHttp,
      checkedWhenEmpty: true,
      isShown: needsPrivateHttp,
    },
  ],
};
