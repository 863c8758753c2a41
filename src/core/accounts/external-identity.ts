/** A person as an identity provider describes them, in no provider's words. */
export interface ExternalIdentity {
  /** The provider's stable id of the person. Never empty. */
  readonly subject: string;
  /** As the person wrote it: any characters, any length. */
  readonly name: string;
  /** E.164, such as `+8613800000000`; undefined where the provider gave none that can be used. */
  readonly phone: string | undefined;
  /** Not verified by anybody: good enough to fill in a form, never to find an account. */
  readonly email: string | undefined;
  /** Address of a picture, as the provider gave it. */
  readonly avatarUrl?: string | undefined;
  /** The organization's id of the person, where its own record was read. */
  readonly memberId?: string | undefined;
  /** The organization's number for the person, and what they are there. */
  readonly jobNumber?: string | undefined;
  readonly title?: string | undefined;
  /** Names of the departments they belong to, separated by commas. */
  readonly departments?: string | undefined;
  /** The organization the person signed in for, where the provider says so. */
  readonly organization: string | undefined;
  /** What an operator must grant at the provider so that it gives phone numbers, or that there is no number to give. */
  readonly phonePermission: string;
}
