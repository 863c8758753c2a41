import type { z } from 'zod';
import { AppTokens } from './app-tokens.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import type { member } from './dingtalk-api.types.js';
import { EMPLOYEE } from './dingtalk.constants.js';
import { NotAMemberError } from './dingtalk.errors.js';
import { UpstreamPlatformError } from '../upstream/index.js';
import { DETAIL } from '../texts/index.js';

/** Both of DingTalk's ids of a member. */
export interface MemberIds {
  readonly unionId: string;
  /** In the application's organization. */
  readonly userid: string;
}

/** The organization's own record of a person, or an error. */
export class Members {
  /** Organizations that the application is known to belong to; that never changes. */
  private readonly own = new Set<string>();

  constructor(
    private readonly appTokens: AppTokens,
    private readonly api: DingTalkApiClient,
  ) {}

  /** @throws NotAMemberError, MisconfiguredError, upstream errors: anyone who is not clearly a member is refused */
  async memberByUnionId(unionId: string): Promise<z.output<typeof member>> {
    const found = await this.appTokens.use((token) => this.api.userByUnionId(token, unionId));
    if (found.contact_type !== EMPLOYEE) throw new NotAMemberError(DETAIL.dingtalk.externalContact.en);
    return this.activeRecord(found.userid, unionId);
  }

  /**
   * Identifies the owner of a code from DingTalk's client, and reads the organization's record of them. The code names
   * no organization, but it is valid only with our application's token, so the person belongs to the application's
   * organization.
   *
   * @param corpId the required organization
   * @throws InvalidGrantError, NotAMemberError, MisconfiguredError, upstream errors
   */
  async memberByInAppCode(code: string, corpId: string | undefined): Promise<z.output<typeof member>> {
    await this.requireOwn(corpId);
    const { userid, unionid } = await this.appTokens.useOnce((token) => this.api.inAppUser(token, code));
    return this.activeRecord(userid, unionid);
  }

  /**
   * Identifies the owner of an id that another program has stored. A unionId and a userid look alike (an organization
   * chooses its userids), so DingTalk is asked which one it is.
   *
   * @returns undefined if DingTalk knows no one by it
   * @throws MisconfiguredError, upstream errors
   */
  async knownBy(id: string): Promise<MemberIds | undefined> {
    const byUnionId = await unlessUnknown(this.appTokens.use((token) => this.api.userByUnionId(token, id)));
    if (byUnionId !== undefined) return { unionId: id, userid: byUnionId.userid };
    const record = await unlessUnknown(this.appTokens.use((token) => this.api.member(token, id)));
    return record && { unionId: record.unionid, userid: record.userid };
  }

  private async requireOwn(corpId: string | undefined): Promise<void> {
    if (corpId === undefined) throw new NotAMemberError(DETAIL.dingtalk.noOrganization.en);
    if (this.own.has(corpId)) return;
    await this.api.requireOrganization(corpId);
    this.own.add(corpId);
  }

  private async activeRecord(userid: string, unionId: string): Promise<z.output<typeof member>> {
    const record = await this.appTokens.use((token) => this.api.member(token, userid));
    if (record.unionid !== unionId) throw new NotAMemberError(DETAIL.dingtalk.somebodyElse.en);
    if (!record.active) throw new NotAMemberError(DETAIL.dingtalk.notActive.en);
    return record;
  }
}

/** DingTalk refuses an id of the other kind as unknown or as an invalid parameter. Being busy is no refusal. */
async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotAMemberError || error instanceof UpstreamPlatformError) return undefined;
    throw error;
  }
}
