import { Alert, Button, Space, Typography } from 'antd';
import React, { useState } from 'react';
import { isRecord, isText } from '../../../src/core/browser/index.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/addresses.js';
import { isOverPlainHttp, keysAddress } from '../server/addresses.js';
import { messageOf } from './api-error.js';
import type { ClientApp } from './client-app.js';
import { useFormState } from './form-state.js';
import { type ControlProps, List } from './list.js';
import type { FormOptions } from './settings.js';
import { useLanguage } from './text.js';

type Shown =
  | { readonly kind: 'none' | 'asking' }
  | { readonly kind: 'keys'; readonly thumbprints: readonly string[] }
  | { readonly kind: 'failed'; readonly why: string | undefined };

/** The gateway's keys that are accepted, the keys that it has now, and a warning if they were fetched over http. */
export function PinnedKeys({ id, value, onChange, disabled }: ControlProps<string[]>) {
  const { t } = useLanguage();
  const { client, name, isStored, options } = useFormState();
  const [shown, setShown] = useState<Shown>({ kind: 'none' });
  const pins = value ?? [];

  const show = async (authenticator: string): Promise<void> => {
    setShown({ kind: 'asking' });
    setShown(await fetchKeys(client.app, authenticator));
  };
  return (
    <Space direction="vertical" style={{ display: 'flex' }}>
      {isReachedOverHttp(options) && pins.length === 0 ? (
        <Alert
          type="warning"
          showIcon
          message={t(
            "NocoBase fetches the gateway's keys over http: anyone in your network who can impersonate the gateway can sign in as any user, administrators included. Pin its keys, or use https.",
          )}
        />
      ) : null}
      <List id={id} value={pins} onChange={onChange} disabled={disabled} />
      <Button
        disabled={!isStored || !isText(name)}
        onClick={() => isText(name) && shown.kind !== 'asking' && void show(name)}
      >
        {t("Show the gateway's keys")}
      </Button>
      <div role="status">
        {shown.kind === 'failed' ? (
          <Alert type="error" showIcon message={t('The keys could not be fetched')} description={shown.why} />
        ) : null}
        {shown.kind === 'keys' ? (
          <>
            <Typography.Text type="secondary">
              {t(
                'Compare them with "Signing keys" in the output of nocobase-dingtalk-gateway check on the gateway\'s machine. Pin only keys that are the same there.',
              )}
            </Typography.Text>
            {shown.thumbprints.map((thumbprint) => (
              <React.Fragment key={thumbprint}>
                <div style={{ overflowWrap: 'anywhere' }}>{thumbprint}</div>
                {pins.includes(thumbprint) ? (
                  <Typography.Text type="success">{t('Pinned')}</Typography.Text>
                ) : (
                  <Button disabled={disabled === true} onClick={() => onChange?.([...pins, thumbprint])}>
                    {t('Pin')}
                  </Button>
                )}
              </React.Fragment>
            ))}
          </>
        ) : null}
      </div>
    </Space>
  );
}

function isReachedOverHttp({ gatewayUrl, gatewayInternalUrl }: FormOptions): boolean {
  const plain = (url: unknown): string => (isText(url) ? url.trim() : '');
  return isOverPlainHttp(keysAddress({ gatewayUrl: plain(gatewayUrl), gatewayInternalUrl: plain(gatewayInternalUrl) }));
}

async function fetchKeys(app: ClientApp, authenticator: string): Promise<Shown> {
  try {
    const request = { url: 'dingtalk:keys', method: 'get', params: { authenticator } } as const;
    const { data: body } = await app.apiClient.request({ ...request, skipNotify: true });
    const data = isRecord(body) && isRecord(body['data']) ? body['data'] : {};
    const thumbprints = Array.isArray(data['thumbprints']) ? data['thumbprints'].filter(isText) : [];
    return { kind: 'keys', thumbprints: thumbprints.filter((one) => THUMBPRINT.test(one)) };
  } catch (error) {
    return { kind: 'failed', why: messageOf(error) };
  }
}
