import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  type BoundPerson,
  type Conclusion,
  type Evidence,
  type Hint,
  LeaverBook,
  type Origin,
  type Returned,
  type SeenPerson,
  type Unclear,
  type WatchState,
} from '../core/leavers/index.js';
import { bookAnswers, type BookCall, type boundPerson, type hint } from '../core/plugin-protocol/index.js';
import type { PluginClient, PluginTarget } from '../plugin-client/index.js';

/** The plugin's limit. */
const MAX_DETAIL = 200;

/** The book kept by the companion plugin: each method is one signed call, and every rule is the plugin's. */
export class PluginLeaverBook extends LeaverBook {
  /** Of this process, because replicas sign with the same key. */
  private readonly holder = randomUUID();

  constructor(
    private readonly plugin: Pick<PluginClient, 'book'>,
    private readonly target: PluginTarget,
    private readonly authenticator: string,
    private readonly onState: (state: WatchState) => void = () => undefined,
  ) {
    super();
  }

  override async count(): Promise<number> {
    return this.ask({ ...this.of, call: 'count' }, bookAnswers.count);
  }

  override async people(after: string | undefined, size: number): Promise<readonly BoundPerson[]> {
    const from = after === undefined ? {} : { after };
    return (await this.ask({ ...this.of, call: 'people', size, ...from }, bookAnswers.people)).map(person);
  }

  override async byUserid(userid: string): Promise<readonly BoundPerson[]> {
    return (await this.ask({ ...this.of, call: 'byUserid', userid }, bookAnswers.byUserid)).map(person);
  }

  override async byUnionId(unionId: string): Promise<readonly BoundPerson[]> {
    return (await this.ask({ ...this.of, call: 'byUnionId', unionId }, bookAnswers.byUnionId)).map(person);
  }

  override async byUser(userId: number): Promise<readonly BoundPerson[]> {
    return (await this.ask({ ...this.of, call: 'byUser', userId }, bookAnswers.byUser)).map(person);
  }

  override async witnesses(except: string, count: number): Promise<readonly BoundPerson[]> {
    return (await this.ask({ ...this.of, call: 'witnesses', except, count }, bookAnswers.witnesses)).map(person);
  }

  override async here(seen: readonly SeenPerson[]): Promise<readonly Returned[]> {
    const people = seen.map(({ corpId, ...rest }) => ({ ...rest, ...(corpId === undefined ? {} : { corpId }) }));
    return this.ask({ ...this.of, call: 'here', seen: people }, bookAnswers.here);
  }

  override async left(who: BoundPerson, evidence: Evidence, origin: Origin): Promise<Conclusion> {
    return this.ask({ ...this.of, call: 'left', person: told(who), evidence, origin }, bookAnswers.left);
  }

  override async unclear(who: BoundPerson, why: Unclear, origin: Origin, detail?: string): Promise<void> {
    const said = detail === undefined ? {} : { detail: detail.slice(0, MAX_DETAIL) };
    await this.ask({ ...this.of, call: 'unclear', person: told(who), why, origin, ...said }, bookAnswers.unclear);
  }

  override async note(hints: readonly Hint[]): Promise<readonly Hint[]> {
    return (await this.ask({ ...this.of, call: 'note', hints: [...hints] }, bookAnswers.note)).map(noted);
  }

  override async waiting(limit: number): Promise<readonly Hint[]> {
    return (await this.ask({ ...this.of, call: 'waiting', limit }, bookAnswers.waiting)).map(noted);
  }

  override async done(ids: readonly string[]): Promise<void> {
    await this.ask({ ...this.of, call: 'done', ids: [...ids] }, bookAnswers.done);
  }

  override async mark(name: string): Promise<string | undefined> {
    return (await this.ask({ ...this.of, call: 'mark', name }, bookAnswers.mark)) ?? undefined;
  }

  override async setMark(name: string, value: string): Promise<void> {
    await this.ask({ ...this.of, call: 'setMark', name, value }, bookAnswers.setMark);
  }

  override async lease(name: string, forMs: number): Promise<boolean> {
    return this.ask({ ...this.of, call: 'lease', name, forMs, holder: this.holder }, bookAnswers.lease);
  }

  override async state(state: WatchState): Promise<void> {
    this.onState(state);
    await this.ask({ ...this.of, call: 'state', state, holder: this.holder }, bookAnswers.state);
  }

  private get of(): { readonly authenticator: string } {
    return { authenticator: this.authenticator };
  }

  private async ask<Answer extends z.ZodType>(call: BookCall, answer: Answer): Promise<z.output<Answer>> {
    return this.plugin.book(this.target, call, answer);
  }
}

const person = ({ userid, ...rest }: z.output<typeof boundPerson>): BoundPerson => ({ ...rest, userid });

/** Omits undefined properties. */
function told({ userid, ...rest }: BoundPerson): z.input<typeof boundPerson> {
  return { ...rest, ...(userid === undefined ? {} : { userid }) };
}

function noted({ userid, userId, ...rest }: z.output<typeof hint>): Hint {
  return { ...rest, ...(userid === undefined ? {} : { userid }), ...(userId === undefined ? {} : { userId }) };
}
