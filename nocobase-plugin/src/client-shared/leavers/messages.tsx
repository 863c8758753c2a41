import { Alert } from 'antd';
import React from 'react';
import { useLanguage } from '../text.js';

export function Unreadable({ why }: { why: string }) {
  const { t } = useLanguage();
  const description = why === '' ? t('NocoBase did not respond properly. Try again.') : why;
  return <Alert type="error" showIcon message={t('This could not be loaded')} description={description} />;
}

/** Sentences, one below another. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} style={{ overflowWrap: 'anywhere' }}>
          {line}
        </div>
      ))}
    </>
  );
}
