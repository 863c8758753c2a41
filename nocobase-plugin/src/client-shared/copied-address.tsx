import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import React, { useState } from 'react';
import { type Text, useLanguage } from './text.js';

/** An address to copy to DingTalk's console. @param missing shown while the address cannot be computed */
export function CopiedAddress({
  id,
  url,
  label,
  missing,
}: {
  id?: string | undefined;
  url: string | undefined;
  label: Text;
  missing: Text;
}) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState<string | undefined>(undefined);
  const isCopied = url !== undefined && copied === url;
  return (
    <Space.Compact block style={{ width: '100%' }}>
      <Input id={id} readOnly value={url ?? ''} placeholder={t(missing)} aria-label={t(label)} />
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

/** Browsers offer the clipboard only on https and localhost, and NocoBase may be on neither. */
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
