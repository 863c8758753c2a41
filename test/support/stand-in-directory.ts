import type {
  Clock,
  Directory,
  EmployeeAnswer,
  GoneCode,
  LeaveRecord,
  LeaveRecords,
  MemberAnswer,
  Questions,
  Urgency,
} from '../../src/core/dingtalk/index.js';
import { MisconfiguredError } from '../../src/core/errors/index.js';
import { SETTING } from '../../src/core/texts/index.js';
import type { Step } from './in-memory-leaver-book.js';

interface Employee {
  userid: string;
  /** 50002: exists, but not for this application. */
  isHidden: boolean;
}

/** An organization that people join and leave. */
export class StandInOrganization {
  /** By unionId. */
  readonly employees = new Map<string, Employee>();
  readonly records: LeaveRecord[] = [];
  readonly administrators: string[] = [];
  goneCode: GoneCode = 60121;

  join(unionId: string, userid: string): void {
    this.employees.set(unionId, { userid, isHidden: false });
  }

  /** @returns the userid that the person had */
  leave(unionId: string, at = 0): string {
    const userid = this.employees.get(unionId)?.userid ?? '';
    this.employees.delete(unionId);
    this.records.push({ userid, leftAt: at, reason: 'delete' });
    return userid;
  }

  has(unionId: string): boolean {
    return this.employees.has(unionId);
  }
}

export const OUT_OF_SCOPE = (): Error => new MisconfiguredError(SETTING.contactScope.en, 'DingTalk: 50002');
export const NO_PERMISSION = (): Error => new MisconfiguredError(SETTING.permission('qyapi_get_member').en, '60011');

/** What happens to a query instead of an answer: an error, or an unknown person. */
export type Mishap = Error | 'nobody' | undefined;

/** DingTalk's answers about that organization, and the ways in which they can fail. */
export class StandInDirectory implements Directory {
  /** Queries by name, in order. */
  readonly asked: string[] = [];

  constructor(
    readonly organization: StandInOrganization,
    private readonly clock: Clock,
    private readonly mishap: (question: string) => Mishap = () => undefined,
    private readonly step: Step = () => undefined,
    private readonly latency: () => number = () => 0,
  ) {}

  async ask<T>(_urgency: Urgency, work: (questions: Questions) => Promise<T>): Promise<T> {
    return work({
      member: async (userid) =>
        this.answer('member', userid, (): MemberAnswer => {
          const [unionId, employee] =
            [...this.organization.employees].find(([, { userid: of }]) => of === userid) ?? [];
          if (unionId === undefined || employee === undefined) return this.gone();
          if (employee.isHidden) throw OUT_OF_SCOPE();
          return { code: 0, requestId: 'request', userid, unionId };
        }),
      employee: async (unionId) =>
        this.answer('employee', unionId, (): EmployeeAnswer => {
          const employee = this.organization.employees.get(unionId);
          return employee === undefined
            ? this.gone()
            : { code: 0, requestId: 'request', userid: employee.userid, isEmployee: true };
        }),
      administrators: async () =>
        this.answer(
          'administrators',
          '',
          () => this.organization.administrators,
          () => [],
        ),
    });
  }

  async leaveRecords([from, to]: readonly [number, number], page = '0'): Promise<LeaveRecords> {
    return this.answer('leaveRecords', page, () => {
      const found = this.organization.records.filter(({ leftAt = 0 }) => leftAt >= from && leftAt <= to);
      const start = Number(page);
      const next = start + 50 < found.length ? String(start + 50) : undefined;
      return { records: found.slice(start, start + 50), next };
    });
  }

  async scopeFingerprint(): Promise<string> {
    return this.answer('scopes', '', () => 'scope');
  }

  private gone(): { readonly code: GoneCode; readonly requestId: string } {
    return { code: this.organization.goneCode, requestId: 'request' };
  }

  private async answer<T>(name: string, about: string, effect: () => T, nobody?: () => T): Promise<T> {
    this.asked.push(`${name} ${about}`.trim());
    await Promise.resolve();
    const latency = this.latency();
    if (latency > 0) await this.clock.wait(latency);
    this.step(name, 'before');
    const mishap = this.mishap(name);
    if (mishap instanceof Error) throw mishap;
    if (mishap === 'nobody' && (name === 'member' || name === 'employee')) return this.gone() as T;
    const result = mishap === 'nobody' && nobody !== undefined ? nobody() : effect();
    this.step(name, 'after');
    return result;
  }
}
