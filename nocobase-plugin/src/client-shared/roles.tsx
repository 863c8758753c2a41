import { Select } from 'antd';
import React, { useEffect, useState } from 'react';
import { isRecord, isText } from '../../../src/core/browser/index.js';
import { BETWEEN_ENTRIES } from './between-entries.js';
import type { ClientApp } from './client-app.js';
import { useFormState } from './form-state.js';
import type { ControlProps } from './list.js';
import { useLanguage } from './text.js';

interface Role {
  readonly name: string;
  readonly title: string;
}

/** Names of roles. Administrators who are not allowed to list roles can still type them. */
export function Roles({ id, value, onChange, disabled }: ControlProps<string[]>) {
  const { ofNocoBase } = useLanguage();
  const { app } = useFormState().client;
  const [roles, setRoles] = useState<readonly Role[] | 'loading' | 'unknown'>('loading');
  useEffect(() => {
    let isWanted = true;
    readRoles(app).then(
      (read) => isWanted && setRoles(read),
      () => isWanted && setRoles('unknown'),
    );
    return () => {
      isWanted = false;
    };
  }, [app]);

  const known = typeof roles === 'string' ? [] : roles;
  return (
    <Select
      id={id}
      mode={roles === 'unknown' ? 'tags' : 'multiple'}
      {...(roles === 'unknown' && { tokenSeparators: BETWEEN_ENTRIES })}
      loading={roles === 'loading'}
      options={known.map(({ name, title }) => ({ value: name, label: ofNocoBase(title) }))}
      optionFilterProp="label"
      value={value ?? []}
      onChange={onChange}
      disabled={disabled}
      style={{ width: '100%' }}
    />
  );
}

async function readRoles(app: ClientApp): Promise<readonly Role[]> {
  const params = { paginate: false, fields: 'name,title', sort: 'createdAt' };
  const { data: body } = await app.apiClient.request({ url: 'roles:list', method: 'get', params, skipNotify: true });
  const rows: readonly unknown[] = isRecord(body) && Array.isArray(body['data']) ? body['data'] : [];
  const roles: Role[] = [];
  for (const { name, title } of rows.filter(isRecord)) {
    // Nobody signs in with the role `anonymous`.
    if (isText(name) && name !== 'anonymous') roles.push({ name, title: isText(title) ? title : name });
  }
  return roles;
}
