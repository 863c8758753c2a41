/** A person as an identity provider describes them, in provider-neutral terms. */
export interface ExternalIdentity {
  /** The provider's stable id of the person. Never empty. */
  readonly subject: string;
  /** As the person wrote it: any characters, any length. */
  readonly name: string;
  /** E.164, such as `+8613800000000`; undefined if the provider returned no usable number. */
  readonly phone: string | undefined;
  /** Unverified: suitable for filling in a field, never for finding an account. */
  readonly email: string | undefined;
  /** Address of a picture, as the provider gave it. */
  readonly avatarUrl?: string | undefined;
  /** The organization's id of the person, if the organization's record was read. */
  readonly memberId?: string | undefined;
  /** The organization's number for the person. */
  readonly jobNumber?: string | undefined;
  /** Job title. */
  readonly title?: string | undefined;
  /** Names of the person's departments, separated by commas. */
  readonly departments?: string | undefined;
  /** The organization the person signed in with, if the provider names it. */
  readonly organization: string | undefined;
  /**
   * The permission that an operator must grant at the provider to get phone numbers, or a note that there is no number.
   */
  readonly phonePermission: string;
}
