/** What decides who becomes a user by signing in. */
interface Registration {
  readonly autoSignUp: boolean;
  readonly allowAnyOrganization: boolean;
  readonly signUpWithoutPhone: boolean;
  readonly corpIds: readonly unknown[];
}

/** Whether anybody with a DingTalk account would become a user: then an administrator must say that this is wanted. */
export function registersAnybody({ autoSignUp, corpIds }: Pick<Registration, 'autoSignUp' | 'corpIds'>): boolean {
  return autoSignUp && corpIds.length === 0;
}

/** Whether that is so, and nobody has said that it is wanted. */
export function registersByAccident({
  allowAnyOrganization,
  ...registration
}: Omit<Registration, 'signUpWithoutPhone'>): boolean {
  return !allowAnyOrganization && registersAnybody(registration);
}

/** Whether somebody would become a user of whom nothing is known: neither a mobile number nor an organization. */
export function registersTheUnknown({
  signUpWithoutPhone,
  corpIds,
}: Pick<Registration, 'signUpWithoutPhone' | 'corpIds'>): boolean {
  return signUpWithoutPhone && corpIds.length === 0;
}
