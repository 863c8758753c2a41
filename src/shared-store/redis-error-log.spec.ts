import { isReadOnly, RedisErrorLog } from './redis-error-log.js';

const error = (change: { name?: string; code?: string; message?: string }): Error =>
  Object.assign(new Error(change.message ?? 'x'), change);

describe('an error of Redis', () => {
  it('is logged by its code, and nothing else of it', () => {
    const said: string[] = [];
    const log = new RedisErrorLog((what) => said.push(what));
    log.tell(error({ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED CANARY' }));
    log.tell(error({ name: 'ReplyError', message: 'WRONGPASS invalid username CANARY' }));
    log.tell(error({ name: 'ReplyError', message: 'NOAUTH' }));
    log.tell(error({ name: 'ReplyError', message: 'canary said something' }));
    expect(said).toEqual(['ECONNREFUSED', 'WRONGPASS', 'NOAUTH', 'ReplyError']);
  });

  it('is a refusal to write also in the middle of the reply to a script', () => {
    const refused = (message: string): boolean => isReadOnly(error({ name: 'ReplyError', message }));
    expect(refused("READONLY You can't write against a read only replica.")).toBe(true);
    // https://github.com/redis/redis/blob/6.2/src/scripting.c : luaPushError
    expect(refused('ERR Error running script (call to f_1): @user_script:4: -READONLY You can’t write')).toBe(true);
    expect(refused("OOM command not allowed when used memory > 'maxmemory'.")).toBe(false);
    expect(isReadOnly(new Error('READONLY x'))).toBe(false);
  });

  it('that repeats is logged once a minute', () => {
    jest.useFakeTimers();
    const said: string[] = [];
    const log = new RedisErrorLog((what) => said.push(what));
    const refused = error({ code: 'ECONNREFUSED' });
    for (let i = 0; i < 61; i += 1) {
      log.tell(refused);
      jest.advanceTimersByTime(1000);
    }
    expect(said).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    log.tell(error({ code: 'ETIMEDOUT' }));
    log.tell(refused);
    expect(said).toHaveLength(4);
    jest.useRealTimers();
  });
});
