import { Alert, Button, Space, Typography } from 'antd';
import React, { useState } from 'react';
import { isRecord, isText } from '../../../src/core/browser/index.js';
import { messageOf } from './api-error.js';
import type { ClientApp } from './client-app.js';
import { comeIntoView } from './come-into-view.js';
import { useFormState } from './form-state.js';
import { type Language, type Text, useLanguage } from './text.js';

/** The marks that the gateway's doctor prints. */
const SIGNS = {
  ok: { sign: '✓', type: 'success', meaning: 'works' },
  failed: { sign: '✗', type: 'danger', meaning: 'must be fixed' },
  attention: { sign: '!', type: 'warning', meaning: 'only you can check this' },
  skipped: { sign: '-', type: 'secondary', meaning: 'not tested' },
} as const satisfies Record<string, { sign: string; type: string; meaning: Text }>;

interface Finding {
  readonly status: keyof typeof SIGNS;
  readonly title: string;
  readonly detail: string;
  readonly fix: string | undefined;
}

type Outcome =
  | { readonly kind: 'none' | 'running' }
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'failed'; readonly why: string | undefined };

/** The button "Test": runs the gateway's doctor for this authenticator and shows its report. */
export function Examination() {
  const { t, lang } = useLanguage();
  const { client, name, isStored } = useFormState();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });

  const run = async (authenticator: string): Promise<void> => {
    setOutcome({ kind: 'running' });
    setOutcome(await examine(client.app, authenticator, lang));
  };
  return (
    <Space direction="vertical" style={{ display: 'flex' }}>
      {/* Not antd's `loading`: on a busy machine its icon, which leaves with an animation, may remain. */}
      <Button
        disabled={!isStored || !isText(name)}
        onClick={() => isText(name) && outcome.kind !== 'running' && void run(name)}
      >
        {t('Test')}
      </Button>
      <Typography.Text type="secondary">
        {t('Goes through a sign-in with the saved settings, and says what to fix. Save your changes first.')}
      </Typography.Text>
      <div role="status">
        {outcome.kind === 'running' ? t('Testing …') : null}
        {outcome.kind === 'failed' ? (
          <div ref={comeIntoView}>
            <Alert type="error" showIcon message={t('The test could not be run')} description={outcome.why} />
          </div>
        ) : null}
        {outcome.kind === 'found' ? (
          <div ref={comeIntoView}>
            <Findings findings={outcome.findings} t={t} />
          </div>
        ) : null}
      </div>
    </Space>
  );
}

function Findings({ findings, t }: { findings: readonly Finding[]; t: Language['t'] }) {
  const isWell = findings.every(({ status }) => status !== 'failed');
  return (
    <Alert
      type={isWell ? 'success' : 'warning'}
      message={isWell ? t('No problems found') : t('Problems found')}
      description={
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {findings.map((finding, index) => (
            <FindingLine key={index} finding={finding} t={t} />
          ))}
        </ul>
      }
    />
  );
}

function FindingLine({ finding, t }: { finding: Finding; t: Language['t'] }) {
  const { sign, type, meaning } = SIGNS[finding.status];
  return (
    <li style={{ display: 'flex', gap: 8, marginTop: 8, overflowWrap: 'anywhere' }}>
      <Typography.Text type={type} strong style={{ width: 16, flex: 'none', textAlign: 'center' }}>
        <span role="img" aria-label={t(meaning)}>
          {sign}
        </span>
      </Typography.Text>
      <div style={{ minWidth: 0 }}>
        <Typography.Text strong>{finding.title}</Typography.Text>
        <div>{finding.detail}</div>
        {finding.fix === undefined ? null : (
          <div>
            <Typography.Text strong>{t('What to do:')}</Typography.Text> {finding.fix}
          </div>
        )}
      </div>
    </li>
  );
}

async function examine(app: ClientApp, authenticator: string, lang: 'en' | 'zh'): Promise<Outcome> {
  try {
    const request = { url: 'dingtalk:examine', method: 'post', params: { authenticator }, data: { lang } } as const;
    const { data: body } = await app.apiClient.request({ ...request, skipNotify: true });
    const report = isRecord(body) && isRecord(body['data']) ? body['data'] : {};
    return Array.isArray(report['findings'])
      ? { kind: 'found', findings: readFindings(report['findings']) }
      : { kind: 'failed', why: undefined };
  } catch (error) {
    return { kind: 'failed', why: messageOf(error) };
  }
}

function readFindings(values: readonly unknown[]): Finding[] {
  const findings: Finding[] = [];
  for (const value of values.filter(isRecord)) {
    const { status, title, detail, fix } = value;
    if (!isText(title) || !isStatus(status)) continue;
    findings.push({ status, title, detail: isText(detail) ? detail : '', fix: isText(fix) ? fix : undefined });
  }
  return findings;
}

function isStatus(value: unknown): value is Finding['status'] {
  return typeof value === 'string' && Object.keys(SIGNS).includes(value);
}
