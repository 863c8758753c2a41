import { failed, inWordsOfTheForm, inWordsOfVariables, placeholder } from '../core/doctor/index.js';
import { text } from '../core/texts/index.js';
import { inWordsOfTheFile } from './file-words.js';

const finding = {
  id: 'x',
  title: text('Organization ({dingtalk.corpId})', '组织（{dingtalk.corpId}）'),
  ...failed(
    text(`${placeholder('nocobase.storagePrefix')}=NOCOBASE_`, '{other.corpId}'),
    text('Set {nocobase.jwtSecret_FILE}.', '请设置 {nocobase.jwtSecret_FILE}。'),
  ),
};

describe('The settings in a finding', () => {
  it.each([
    ['variables', inWordsOfVariables, 'DINGTALK_CORP_ID', 'NOCOBASE_STORAGE_PREFIX', 'NOCOBASE_JWT_SECRET_FILE'],
    ['the file', inWordsOfTheFile, 'dingtalk.corpId', 'nocobase.storagePrefix', 'nocobase.jwtSecret'],
  ] as const)('have the names of %s', (_where, named, corpId, storagePrefix, jwtSecret) => {
    expect(named(finding)).toEqual({
      id: 'x',
      status: 'failed',
      title: text(`Organization (${corpId})`, `组织（${corpId}）`),
      detail: text(`${storagePrefix}=NOCOBASE_`, '{other.corpId}'),
      fix: text(`Set ${jwtSecret}.`, `请设置 ${jwtSecret}。`),
    });
  });

  it('have the titles of NocoBase’s form, in its language, if they are in it', () => {
    expect(inWordsOfTheForm(finding)).toMatchObject({
      title: text('Organization ("Organizations (CorpId)" in NocoBase)', '组织（NocoBase 中的“组织（CorpId）”）'),
      fix: text('Set NOCOBASE_JWT_SECRET_FILE.', '请设置 NOCOBASE_JWT_SECRET_FILE。'),
    });
  });

  it('are those of the program that people sign in through', () => {
    const said = { ...finding, detail: text('{program} asks', '{program}询问') };
    expect(inWordsOfVariables(said).detail).toEqual(text('the gateway asks', '网关询问'));
    expect(inWordsOfTheFile(said).detail).toEqual(text('the gateway asks', '网关询问'));
    expect(inWordsOfTheForm(said).detail).toEqual(text('the gateway asks', '网关询问'));
    expect(inWordsOfTheForm(said, 'nocobase').detail).toEqual(text('this NocoBase asks', '此 NocoBase 询问'));
  });
});
