import { InvalidRequestError } from '../core/errors/index.js';
import { InAppAnswerPipe } from './in-app-answer.pipe.js';

const GOOD = { code: 'c0de', state: 'Aa0_-'.repeat(8) + 'xyz' };

const read = async (body: unknown): Promise<unknown> => new InAppAnswerPipe().transform(body);

describe('The response of our page inside DingTalk’s client', () => {
  it('is a code and a state', async () => {
    expect(await read(GOOD)).toEqual(GOOD);
    expect(await read({ ...GOOD, code: '!'.repeat(512) })).toEqual({ ...GOOD, code: '!'.repeat(512) });
  });

  it.each([
    undefined,
    null,
    '',
    'text',
    7,
    [],
    [GOOD],
    {},
    { code: GOOD.code },
    { state: GOOD.state },
    { ...GOOD, more: 1 },
    { ...GOOD, code: '' },
    { ...GOOD, code: 'a b' },
    { ...GOOD, code: 'a\n' },
    { ...GOOD, code: '!'.repeat(513) },
    { ...GOOD, code: [GOOD.code] },
    { ...GOOD, code: { length: 4 } },
    { ...GOOD, state: `${GOOD.state}x` },
    { ...GOOD, state: `${GOOD.state}\n` },
    { ...GOOD, state: [GOOD.state] },
  ])('is refused as %j', async (body) => {
    await expect(read(body)).rejects.toThrow(InvalidRequestError);
  });
});
