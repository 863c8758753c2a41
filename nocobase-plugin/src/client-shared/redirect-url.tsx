import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import React, { useState } from 'react';
import { redirectUrl } from './addresses.js';
import { useFormState } from './form-state.js';
import { problemWithGateway } from './rules.js';
import { useLanguage } from './text.js';

/** Computed from the gateway's address and the authenticator's name, for the administrator to take to DingTalk. */
export function RedirectUrl({ id }: { id?: string | undefined }) {
  const { t } = useLanguage();
  const { options, name } = useFormState();
  const [copied, setCopied] = useState<string | undefined>(undefined);
  const { gatewayUrl } = options;
  const url = problemWithGateway(gatewayUrl, options) === undefined ? redirectUrl(gatewayUrl, name) : undefined;
  const isCopied = url !== undefined && copied === url;

  return (
    <Space.Compact block style={{ width: '100%' }}>
      <Input
        id={id}
        readOnly
        value={url ?? ''}
        placeholder={t('Please enter the gateway address first')}
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
