import { PACKAGE } from '../names.js';

export const LOCKS = 'dingtalkLocks';

const title = (text: string): string => `{{t(${JSON.stringify(text)}, ${JSON.stringify({ ns: PACKAGE })})}}`;
const shown = (text: string, component: string): object => ({
  uiSchema: { type: 'string', title: title(text), 'x-component': component, 'x-read-pretty': true },
});

/**
 * The locks of accounts, including removed ones. A collection that NocoBase's data source manager shows (`uiManageable`), so that a
 * workflow can start with one: a person left, and their records are reassigned. Only `Locks` writes it.
 */
export const locksCollection = {
  name: LOCKS,
  title: title('leavers.locks.title'),
  dataCategory: 'business',
  dumpRules: { group: 'user' },
  migrationRules: ['schema-only', 'skip'],
  shared: true,
  uiManageable: true,
  createdAt: false,
  updatedAt: false,
  fields: [
    {
      name: 'id',
      type: 'bigInt',
      autoIncrement: true,
      primaryKey: true,
      allowNull: false,
      interface: 'id',
      uiSchema: { type: 'number', title: '{{t("ID")}}', 'x-component': 'InputNumber', 'x-read-pretty': true },
    },
    {
      name: 'userId',
      type: 'bigInt',
      allowNull: false,
      index: true,
      interface: 'integer',
      ...shown('leavers.locks.userId', 'InputNumber'),
    },
    {
      name: 'user',
      type: 'belongsTo',
      target: 'users',
      foreignKey: 'userId',
      targetKey: 'id',
      interface: 'm2o',
      uiSchema: {
        type: 'object',
        title: title('leavers.locks.user'),
        'x-component': 'AssociationField',
        'x-component-props': { fieldNames: { label: 'nickname', value: 'id' } },
        'x-read-pretty': true,
      },
    },
    /** `ours`, or `by_hand`. */
    { name: 'origin', type: 'string', allowNull: false, interface: 'input', ...shown('leavers.locks.origin', 'Input') },
    /** Why DingTalk was queried (`Origin`). */
    { name: 'source', type: 'string', interface: 'input', ...shown('leavers.locks.source', 'Input') },
    { name: 'authenticator', type: 'string', interface: 'input', ...shown('leavers.locks.authenticator', 'Input') },
    { name: 'evidence', type: 'json', interface: 'json', ...shown('leavers.locks.evidence', 'Input.JSON') },
    {
      name: 'lockedAt',
      type: 'date',
      allowNull: false,
      interface: 'datetime',
      ...shown('leavers.locks.lockedAt', 'DatePicker'),
    },
    { name: 'lockedById', type: 'bigInt', interface: 'integer', ...shown('leavers.locks.lockedById', 'InputNumber') },
    { name: 'undoneAt', type: 'date', interface: 'datetime', ...shown('leavers.locks.undoneAt', 'DatePicker') },
    { name: 'undoneById', type: 'bigInt', interface: 'integer', ...shown('leavers.locks.undoneById', 'InputNumber') },
  ],
};
