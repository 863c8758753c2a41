import { bindingMeta, readBindingMark } from './binding-mark.js';

describe('the mark of a binding', () => {
  it.each([['ding-ours'], [undefined]])('is read as written, organization %p', (organization) => {
    expect(readBindingMark(bindingMeta(organization))?.organization).toBe(organization);
    expect(readBindingMark(JSON.parse(JSON.stringify(bindingMeta(organization))))).toEqual(
      organization === undefined ? {} : { organization },
    );
  });

  it('is also read if the database returns JSON as text', () => {
    expect(readBindingMark(JSON.stringify(bindingMeta('ding-ours')))).toEqual({ organization: 'ding-ours' });
  });

  it.each([
    undefined,
    null,
    {},
    '',
    'x',
    '{"dingtalkGateway":1}',
    [],
    7,
    { dingtalkGateway: null },
    { organization: 'x' },
  ])('is not in %p', (meta) => {
    expect(readBindingMark(meta)).toBeUndefined();
  });

  it('remains a mark if its organization is invalid', () => {
    expect(readBindingMark({ dingtalkGateway: { organization: 7 } })).toEqual({ organization: undefined });
  });
});
