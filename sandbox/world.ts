import type { Clock } from './clock.js';
import type { CodePool, InAppGrant } from './codes.js';
import type { Ids } from './ids.js';
import { Registry } from './registry.js';
import { Staff } from './staff.js';
import {
  PERMISSIONS,
  type App,
  type GoneCode,
  type Membership,
  type NewApp,
  type NewMembership,
  type NewOrganization,
  type NewPerson,
  type Organization,
  type Permission,
  type Person,
} from './world.types.js';

const DEFAULT_DENIAL_ERROR = 'access_denied';
const DEFAULT_GONE_CODE = 60121;

/** The people, organizations and applications that this DingTalk knows. Tests may change any of them at any time. */
export class World {
  readonly apps = new Map<string, App>();
  readonly organizations = new Map<string, Organization>();
  readonly people = new Map<string, Person>();
  /** DingTalk's literal value is not documented, so clients must not depend on it. */
  denialError = DEFAULT_DENIAL_ERROR;
  /** How often the widget's frame reports one success; field reports mention several times. */
  widgetMessages = 1;
  goneCode: GoneCode = DEFAULT_GONE_CODE;
  readonly staff: Staff;
  readonly registry: Registry;

  constructor(
    private readonly ids: Ids,
    private readonly inAppCodes: CodePool<InAppGrant>,
    clock: Clock,
  ) {
    this.staff = new Staff(this, ids, clock);
    this.registry = new Registry(this.people, ids);
  }

  addOrganization(input: NewOrganization): Organization {
    const { departments, ...given } = defined(input);
    const organization = { nameEn: input.name, ...given, departments: { 1: input.name, ...departments } };
    this.organizations.set(organization.corpId, organization);
    return organization;
  }

  addApp(input: NewApp): App {
    this.organization(input.corpId);
    const app: App = {
      name: input.clientId,
      internal: true,
      redirectUris: [],
      redirectMatch: 'exact',
      letOutsidersThrough: false,
      maskMobile: false,
      scope: { departments: [1], userIds: [] },
      ...defined(input),
      permissions: { ...allPermissions(), ...defined(input.permissions ?? {}) },
    };
    this.apps.set(app.clientId, app);
    return app;
  }

  addPerson(input: NewPerson): Person {
    const person: Person = {
      nameEn: input.name,
      nick: input.name,
      visitor: false,
      migrations: 0,
      ...defined(input),
      memberships: (input.memberships ?? []).map((membership) => this.#membership(input.id, membership)),
    };
    this.people.set(person.id, person);
    this.registry.know(person);
    return person;
  }

  /** A person joins, or returns. @returns their membership from now on */
  addMembership(personId: string, input: NewMembership): Membership {
    const person = this.person(personId);
    const membership = this.#membership(personId, input);
    person.memberships = [...person.memberships.filter(({ corpId }) => corpId !== membership.corpId), membership];
    this.registry.know(person);
    return membership;
  }

  app(clientId: string): App {
    return found(this.apps.get(clientId), `app "${clientId}"`);
  }

  organization(corpId: string): Organization {
    return found(this.organizations.get(corpId), `organization "${corpId}"`);
  }

  person(personId: string): Person {
    return found(this.people.get(personId), `person "${personId}"`);
  }

  /** The person as the given application sees them in `unionId`. */
  unionIdOf(personId: string, clientId: string): string {
    return this.registry.unionIdOf(this.app(clientId).corpId, this.person(personId));
  }

  openIdOf(personId: string, clientId: string): string {
    return this.ids.openId(this.app(clientId).clientId, this.person(personId).id);
  }

  userIdOf(personId: string, corpId: string): string | undefined {
    return this.membership(personId, corpId)?.userId;
  }

  membership(personId: string, corpId: string): Membership | undefined {
    return this.person(personId).memberships.find((membership) => membership.corpId === corpId);
  }

  /** Organizations that the person works for; being an external contact of one does not count. */
  employers(person: Person): Membership[] {
    return person.memberships.filter((membership) => membership.contactType === 0);
  }

  /** What `dd.requestAuthCode` returns inside the DingTalk client of this organization. */
  issueInAppCode(personId: string, corpId: string): string {
    found(this.membership(personId, this.organization(corpId).corpId), `membership of "${personId}" in "${corpId}"`);
    return this.inAppCodes.issue({ personId, corpId });
  }

  clear(): void {
    for (const part of [this.apps, this.organizations, this.people, this.staff, this.registry]) part.clear();
    this.denialError = DEFAULT_DENIAL_ERROR;
    this.widgetMessages = 1;
    this.goneCode = DEFAULT_GONE_CODE;
  }

  #membership(personId: string, input: NewMembership): Membership {
    return {
      userId: this.ids.userId(this.organization(input.corpId).corpId, personId),
      active: true,
      admin: false,
      contactType: 0,
      visible: true,
      restricted: false,
      deptIds: [1],
      ...defined(input),
    };
  }
}

function allPermissions(): Record<Permission, boolean> {
  return Object.fromEntries(PERMISSIONS.map((permission) => [permission, true])) as Record<Permission, boolean>;
}

/** Drops keys set to `undefined`, so that they do not override a default. */
function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The sandbox knows no ${what}`);
  return value;
}
