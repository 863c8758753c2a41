/** The settings that decide who becomes a user by signing in. */
interface Registration {
  readonly autoSignUp: boolean;
  readonly allowAnyOrganization: boolean;
  readonly signUpWithoutPhone: boolean;
  readonly corpIds: readonly unknown[];
}

/** Whether anyone with a DingTalk account would become a user; an administrator must confirm that this is intended. */
export function registersAnybody({ autoSignUp, corpIds }: Pick<Registration, 'autoSignUp' | 'corpIds'>): boolean {
  return autoSignUp && corpIds.length === 0;
}

/** Whether that is so, without such a confirmation. */
export function registersByAccident({
  allowAnyOrganization,
  ...registration
}: Omit<Registration, 'signUpWithoutPhone'>): boolean {
  return !allowAnyOrganization && registersAnybody(registration);
}

/** Whether unidentified people would become users: those with neither a mobile number nor a known organization. */
export function registersTheUnknown({
  signUpWithoutPhone,
  corpIds,
}: Pick<Registration, 'signUpWithoutPhone' | 'corpIds'>): boolean {
  return signUpWithoutPhone && corpIds.length === 0;
}
