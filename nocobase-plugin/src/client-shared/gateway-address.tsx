import { Button, Input, Space, Typography } from 'antd';
import React, { useEffect, useState } from 'react';
import { isText } from '../../../src/core/browser/index.js';
import { messageOf } from './api-error.js';
import type { ClientApp } from './client-app.js';
import { useFormState } from './form-state.js';
import type { ControlProps } from './list.js';
import { useLanguage } from './text.js';

/** Our proxy recipes put the gateway at this path below NocoBase's own address. */
const BESIDE_NOCOBASE = '/sso';

/** A gateway's address, with the usual one as a suggestion, and whether NocoBase's server reaches the saved one. */
export function GatewayAddress({ id, value, onChange, disabled }: ControlProps<string, { target: { value: string } }>) {
  const { t } = useLanguage();
  const { client, name, isStored } = useFormState();
  const reach = useReach(client.app, isStored && isText(name) && isText(value) ? name : undefined);
  const usual = location.origin + BESIDE_NOCOBASE;
  return (
    <Space direction="vertical" size={4} style={{ display: 'flex' }}>
      <Input id={id} value={value} onChange={onChange} disabled={disabled} autoComplete="off" />
      {isText(value) ? null : (
        <Button type="link" style={{ padding: 0 }} onClick={() => onChange?.({ target: { value: usual } })}>
          {`${t('Use')} ${usual}`}
        </Button>
      )}
      {reach === undefined ? null : (
        <Typography.Text type={reach.isReached ? 'success' : 'danger'}>
          {reach.isReached
            ? t("NocoBase's server can reach the saved gateway.")
            : `${t("NocoBase's server cannot reach the saved gateway:")} ${reach.why ?? ''}`}
        </Typography.Text>
      )}
    </Space>
  );
}

interface Reach {
  readonly isReached: boolean;
  readonly why?: string | undefined;
}

/** Checked once, when the form opens. @param authenticator undefined if none is saved */
function useReach(app: ClientApp, authenticator: string | undefined): Reach | undefined {
  const [reach, setReach] = useState<Reach | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    if (authenticator !== undefined) void reachOf(app, authenticator).then((found) => isWanted && setReach(found));
    return () => {
      isWanted = false;
    };
  }, [app, authenticator]);
  return reach;
}

async function reachOf(app: ClientApp, authenticator: string): Promise<Reach | undefined> {
  try {
    await app.apiClient.request({
      url: 'dingtalk:keys',
      method: 'get',
      params: { authenticator },
      skipNotify: true,
    });
    return { isReached: true };
  } catch (error) {
    const why = messageOf(error);
    return why === undefined ? undefined : { isReached: false, why };
  }
}
