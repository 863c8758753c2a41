import { Alert, Radio, Space } from 'antd';
import React, { useEffect, useState } from 'react';
import { isRecord } from '../../../src/core/browser/index.js';
import { MATCH_RULES, matchedFields } from '../../../src/core/accounts/match-rule.js';
import { PROFILE_FORM, selfServiceFields } from '../../../src/core/accounts/profile-form.js';
import type { ClientApp } from './client-app.js';
import { useFormState } from './form-state.js';
import { type Text, useLanguage } from './text.js';

const LABELS = { phone: 'By mobile number', none: 'Not by any field' } as const satisfies Record<string, Text>;

/** How people are matched, with a warning while they can change the field that they are matched by. */
export function Match(props: {
  id?: string | undefined;
  value?: string | undefined;
  onChange?: ((change: { target: { value: string } }) => void) | undefined;
  disabled?: boolean | undefined;
}) {
  const { id, value, onChange, disabled } = props;
  const { t } = useLanguage();
  const editable = useSelfServiceFields(useFormState().client.app);
  const matched = matchedFields(MATCH_RULES.find((rule) => rule === value));
  const inDanger = typeof editable === 'string' ? [] : matched.filter((field) => editable.includes(field));
  return (
    <Space direction="vertical" style={{ display: 'flex' }}>
      <Radio.Group
        id={id}
        value={value ?? 'phone'}
        onChange={onChange}
        disabled={disabled}
        options={MATCH_RULES.map((rule) => ({ value: rule, label: t(LABELS[rule]) }))}
      />
      {inDanger.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          message={`${t('Users can edit the field that they are matched by:')} ${inDanger.join(', ')}`}
          description={t(
            "If a user enters a colleague's number in their own profile, that colleague's first sign-in leads to this user's account. Settings › Users & Permissions › Users › Settings: untick \"Allow edit profile\"; or remove the field from the profile form, or make it read-only there. Then check that the numbers already stored are correct.",
          )}
        />
      ) : null}
      {editable === 'unknown' && matched.length > 0 ? (
        <Alert
          type="info"
          showIcon
          message={t('Could not check whether users can edit their own mobile number')}
          description={t('Settings › Users & Permissions › Users › Settings: "Allow edit profile"')}
        />
      ) : null}
    </Space>
  );
}

function useSelfServiceFields(app: ClientApp): readonly string[] | 'loading' | 'unknown' {
  const [fields, setFields] = useState<readonly string[] | 'loading' | 'unknown'>('loading');
  useEffect(() => {
    let isWanted = true;
    readSelfServiceFields(app).then(
      (read) => isWanted && setFields(read),
      () => isWanted && setFields('unknown'),
    );
    return () => {
      isWanted = false;
    };
  }, [app]);
  return fields;
}

async function readSelfServiceFields(app: ClientApp): Promise<readonly string[] | 'unknown'> {
  const [settings, form, authenticators] = await Promise.all(
    ['systemSettings:get', `uiSchemas:getJsonSchema/${PROFILE_FORM}`, 'authenticators:publicList'].map(async (url) => {
      const { data: body } = await app.apiClient.request({ url, method: 'get', skipNotify: true });
      return isRecord(body) ? body['data'] : undefined;
    }),
  );
  return isRecord(settings) ? selfServiceFields(settings['enableEditProfile'], form, authenticators) : 'unknown';
}
