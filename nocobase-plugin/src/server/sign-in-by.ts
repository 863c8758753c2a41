/** Who signs people in: this NocoBase by itself, or a gateway that hands them over. */
export const WAYS = ['nocobase', 'gateway'] as const;
export type SignInBy = (typeof WAYS)[number];

/** Of settings that do not say it, as older versions saved them: there was no sign-in without a gateway. */
export function wayOf({ gatewayUrl }: { readonly gatewayUrl: string }): SignInBy {
  return gatewayUrl === '' ? 'nocobase' : 'gateway';
}

export function isByGateway({ signInBy }: { readonly signInBy: SignInBy }): boolean {
  return signInBy === 'gateway';
}
