/** Whether anybody with a DingTalk account would become a user: then an administrator must say that this is wanted. */
export function registersAnybody({
  autoSignUp,
  corpIds,
}: {
  readonly autoSignUp: boolean;
  readonly corpIds: readonly unknown[];
}): boolean {
  return autoSignUp && corpIds.length === 0;
}
