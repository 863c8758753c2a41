import type { z } from 'zod';
import type { Clock } from './clock.js';
import {
  appChange,
  appInput,
  clockInput,
  crowdInput,
  denialInput,
  eventBehaviour,
  eventInput,
  eventRelease,
  failureInput,
  goneCode,
  inAppCodeInput,
  joining,
  laterCommand,
  leaving,
  migration,
  nothing,
  organizationInput,
  personInput,
  pushAttack,
  pushRegistration,
  streamChange,
  widgetInput,
} from './control-input.js';
import type { EventHub } from './events/event-hub.js';
import type { PushSender } from './events/push-sender.js';
import type { StreamDesk } from './events/stream-desk.js';
import type { Failures } from './failures.js';
import type { Later } from './later.js';
import { jsonAnswer, jsonBody, type Answer, type Call } from './http.js';
import type { RecordedRequest } from './recorded-request.js';
import { addCrowd } from './seed.js';
import type { World } from './world.js';
import type { App } from './world.types.js';

export const CONTROL_PREFIX = '/__sandbox__/';

/** What other processes can control. */
export interface ControlTarget {
  world: World;
  failures: Failures;
  requests: RecordedRequest[];
  clock: Clock;
  later: Later;
  events: EventHub;
  stream: StreamDesk;
  push: PushSender;
  reset(): void;
}

type Outcome = { problem: string } | { result: object };
type Command = (body: unknown, target: ControlTarget) => Outcome | Promise<Outcome>;

/**
 * Commands must be sent as application/json. A page of another origin cannot do that without a CORS preflight, which is never
 * granted, so a web page cannot control a sandbox that happens to run on the visitor's machine.
 */
const COMMANDS: Partial<Record<string, Command>> = {
  organizations: command(organizationInput, ({ world }, input) => world.addOrganization(input)),
  people: command(personInput, ({ world }, input) => world.addPerson(input)),
  'people/crowd': command(crowdInput, ({ world }, input) => {
    addCrowd(world, input);
    return { people: world.people.size };
  }),
  'people/leave': command(leaving, ({ world }, { personId, ...how }) => world.staff.leave(personId, how)),
  'people/join': command(joining, ({ world }, { personId, ...how }) => world.staff.join(personId, how)),
  'people/migrate': command(migration, ({ world }, { personId }) => {
    world.staff.migrate(personId);
    return world.person(personId);
  }),
  'gone-code': command(goneCode, ({ world }, { code }) => {
    world.goneCode = code;
    return { code };
  }),
  events: command(eventInput, ({ events }, input) => events.emit(input)),
  'events/behaviour': command(eventBehaviour, ({ events }, { hold, copies, lose }) => {
    events.isHolding = hold ?? events.isHolding;
    events.copies = copies ?? events.copies;
    events.losing = lose ?? events.losing;
    return { hold: events.isHolding, copies: events.copies, lose: events.losing };
  }),
  'events/release': command(eventRelease, ({ events }, { order }) => {
    events.release(order);
    return { released: true };
  }),
  stream: command(streamChange, ({ stream }, { disconnect, drop, silent, raw }) => {
    stream.isSilent = silent ?? stream.isSilent;
    if (raw !== undefined) stream.sendRaw(raw);
    if (disconnect === true) stream.disconnect();
    if (drop === true) stream.drop();
    return { connections: stream.connections() };
  }),
  push: command(pushRegistration, async ({ push }, input) => ({ outcome: await push.register(input) })),
  'push/attack': command(pushAttack, async ({ push, events }, { clientId, flaw, event }) => ({
    outcome: await push.attack(clientId, flaw, events.make(event)),
  })),
  later: command(laterCommand, (target, { calls, operation, command: name, body }) => {
    const run = commandNamed(name);
    if (!run) throw new Error(`The sandbox knows no command "${name}"`);
    target.later.after({ calls, operation }, () => void run(body, target));
    return { calls };
  }),
  apps: command(appInput, ({ world }, input) => withoutSecret(world.addApp(input))),
  'apps/change': command(appChange, ({ world }, input) => {
    const app = world.app(input.clientId);
    return withoutSecret(
      world.addApp({
        ...app,
        ...given(input),
        redirectUris: [...new Set([...app.redirectUris, ...(input.redirectUris ?? [])])],
        permissions: { ...app.permissions, ...input.permissions },
      }),
    );
  }),
  failures: command(failureInput, ({ failures }, { operation, failure, times }) => {
    if (failure === null) failures.clear(operation);
    else failures.set(operation, failure, { times });
    return { failures: failures.list() };
  }),
  clock: command(clockInput, ({ clock }, { advanceMs }) => {
    clock.advance(advanceMs);
    return { now: clock.now() };
  }),
  denial: command(denialInput, ({ world }, { error }) => {
    world.denialError = error;
    return { error };
  }),
  widget: command(widgetInput, ({ world }, { messages }) => {
    world.widgetMessages = messages;
    return { messages };
  }),
  'in-app-codes': command(inAppCodeInput, ({ world }, { personId, corpId }) => ({
    code: world.issueInAppCode(personId, corpId),
  })),
  reset: command(nothing, (target) => {
    target.reset();
    return { reset: true };
  }),
};

export async function answerControl(call: Call, target: ControlTarget): Promise<Answer> {
  const name = call.path.slice(CONTROL_PREFIX.length);
  if (call.method === 'GET' && name === 'state') return jsonAnswer(200, describe(target));
  if (call.method === 'GET' && name === 'requests') return jsonAnswer(200, { requests: target.requests });
  if (call.method === 'GET' && name === 'events') return jsonAnswer(200, describeEvents(target));
  const run = call.method === 'POST' ? commandNamed(name) : undefined;
  if (!run) return jsonAnswer(404, { error: `No control command ${call.method} ${name}` });
  const body = jsonBody(call);
  if (!body) return jsonAnswer(400, { error: 'Send a JSON object with content-type application/json' });
  const outcome = await run(body, target);
  return 'problem' in outcome ? jsonAnswer(400, { error: outcome.problem }) : jsonAnswer(200, outcome.result);
}

const commandNamed = (name: string): Command | undefined =>
  Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

function command<T>(schema: z.ZodType<T>, run: (target: ControlTarget, input: T) => object | Promise<object>): Command {
  return async (body, target) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) {
      const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
      return { problem: lines.join('; ') };
    }
    try {
      return { result: await run(target, parsed.data) };
    } catch (error) {
      // The world throws on unknown names, and the message contains them.
      return { problem: error instanceof Error ? error.message : 'refused' };
    }
  };
}

function describe({ world, failures, clock }: ControlTarget): object {
  return {
    now: clock.now(),
    denialError: world.denialError,
    apps: [...world.apps.values()].map(withoutSecret),
    organizations: [...world.organizations.values()],
    people: [...world.people.values()],
    departures: world.staff.departures,
    failures: failures.list(),
  };
}

const describeEvents = ({ stream, push }: ControlTarget): object => ({
  connections: stream.connections(),
  mostAtATime: stream.mostAtATime,
  deliveries: [...stream.deliveries, ...push.deliveries],
});

function withoutSecret({ clientSecret: _secret, ...app }: App): Omit<App, 'clientSecret'> {
  return app;
}

/** Only the keys that were sent, so that a change does not erase the others. */
function given<T extends object>(input: T): Partial<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
}
