/** Who signs people in: this NocoBase by itself, or a gateway that hands them over. */
export const WAYS = ['nocobase', 'gateway'] as const;
export type SignInBy = (typeof WAYS)[number];

/** For settings saved by older versions, which do not contain it: they could sign people in only through a gateway. */
export function wayOf({ gatewayUrl }: { readonly gatewayUrl: string }): SignInBy {
  return gatewayUrl === '' ? 'nocobase' : 'gateway';
}

export function isByGateway({ signInBy }: { readonly signInBy: SignInBy }): boolean {
  return signInBy === 'gateway';
}
