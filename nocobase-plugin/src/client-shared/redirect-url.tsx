import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import React, { useState } from 'react';
import { isText } from '../../../src/core/browser/index.js';
import { AUTHENTICATOR_NAME } from '../../../src/core/settings/form-rules.js';
import type { SignInBy } from '../server/sign-in-by.js';
import { redirectUrlOfGateway, redirectUrlOfNocobase } from './addresses.js';
import { useAppName } from './app-name.js';
import { type FormState, useFormState } from './form-state.js';
import { problemWithGateway, problemWithNocobase } from './rules.js';
import { signInByOf } from './settings.js';
import { type Text, useLanguage } from './text.js';

/** Computed from the address of whoever signs people in and the authenticator's name, for the administrator to take to DingTalk. */
export function RedirectUrl({ id }: { id?: string | undefined }) {
  const { t } = useLanguage();
  const form = useFormState();
  const appName = useAppName(form.client.app);
  const [copied, setCopied] = useState<string | undefined>(undefined);
  const url = urlOf(form, appName);
  const isCopied = url !== undefined && copied === url;

  return (
    <Space.Compact block style={{ width: '100%' }}>
      <Input
        id={id}
        readOnly
        value={url ?? ''}
        placeholder={t(FIRST[signInByOf(form.options)])}
        aria-label={t('Redirect URL')}
      />
      <Button
        icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
        disabled={url === undefined}
        onClick={() => url !== undefined && void copy(url).then(() => setCopied(url))}
      >
        {isCopied ? t('Copied') : t('Copy')}
      </Button>
    </Space.Compact>
  );
}

const FIRST = {
  gateway: 'Please enter the gateway address first',
  nocobase: 'Please enter Auth UID and Address of NocoBase first',
} as const satisfies Record<SignInBy, Text>;

function urlOf({ client, name, options }: FormState, appName: string | undefined): string | undefined {
  const { gatewayUrl, nocobaseUrl } = options;
  if (!isText(name) || !AUTHENTICATOR_NAME.test(name)) return undefined;
  if (signInByOf(options) === 'gateway') {
    const isGood = isText(gatewayUrl) && problemWithGateway(gatewayUrl, options) === undefined;
    return isGood ? redirectUrlOfGateway(gatewayUrl, name) : undefined;
  }
  const isGood = isText(nocobaseUrl) && problemWithNocobase(nocobaseUrl, options) === undefined;
  return isGood && appName !== undefined ? redirectUrlOfNocobase(client, nocobaseUrl, appName, name) : undefined;
}

/** Browsers have a clipboard for pages on https and localhost only; NocoBase may be neither. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.appendChild(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
