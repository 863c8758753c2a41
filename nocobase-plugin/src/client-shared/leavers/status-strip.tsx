import { Alert, Button, Space, Typography } from 'antd';
import React from 'react';
import { webAddress } from '../../../../src/core/browser/index.js';
import type { ClientApp } from '../client-app.js';
import { filledIn } from '../filled-in.js';
import { type Language, useLanguage } from '../text.js';
import { fetchStatus } from './calls.js';
import { Lines, Unreadable } from './messages.js';
import { clockOf, statusLines, troubleLines } from './sentences.js';
import type { AuthenticatorStatus, Trouble } from './admin-api.js';
import { useAnswer } from './use-answer.js';

/** The state of the watch at each authenticator, and what an administrator has to do about it. */
export function StatusStrip(props: {
  app: ClientApp;
  round: number;
  isBusy: boolean;
  onGoOn: (authenticator: string) => void;
}) {
  const { app, round, isBusy, onGoOn } = props;
  const language = useLanguage();
  const { t } = language;
  const answer = useAnswer(async () => fetchStatus(app), String(round));
  if (answer === undefined) return <>{t('Loading …')}</>;
  if (!answer.isThere) return <Unreadable why={answer.why} />;
  const { authenticators } = answer.value;
  if (authenticators.length === 0) {
    return (
      <Alert
        type="info"
        showIcon
        message={t('There is no authenticator of the type DingTalk yet. Add one under Authenticators.')}
      />
    );
  }
  return (
    <Space direction="vertical" size={16} style={{ display: 'flex' }}>
      {authenticators.map((status) => (
        <One key={status.name} status={status} language={language} isBusy={isBusy} onGoOn={onGoOn} />
      ))}
    </Space>
  );
}

function One(props: {
  status: AuthenticatorStatus;
  language: Language;
  isBusy: boolean;
  onGoOn: (authenticator: string) => void;
}) {
  const { status, language, isBusy, onGoOn } = props;
  const { t } = language;
  const { name, title, enabled, paused, troubles } = status;
  const heading = `${title} (${name})${enabled ? '' : `, ${t('switched off')}`}`;
  return (
    <section aria-label={heading}>
      <Space direction="vertical" style={{ display: 'flex' }}>
        <Typography.Title level={5}>{heading}</Typography.Title>
        <Lines lines={statusLines(status, t, clockOf(language))} />
        {troubles.map((trouble) => (
          <TroubleAlert key={trouble.what} trouble={trouble} language={language} />
        ))}
        {paused === 0 ? null : (
          <Alert
            type="warning"
            showIcon
            message={filledIn(t('People awaiting your decision: {count}'), { count: paused })}
            description={
              <Space direction="vertical" style={{ display: 'flex' }}>
                {t(
                  'So many at once is unusual. Check the reports first: have they really left? DingTalk is asked about each of them again before the account is locked.',
                )}
                <Button disabled={isBusy} aria-label={`${t('Continue')}: ${name}`} onClick={() => onGoOn(name)}>
                  {t('Continue')}
                </Button>
              </Space>
            }
          />
        )}
      </Space>
    </section>
  );
}

function TroubleAlert({ trouble, language }: { trouble: Trouble; language: Language }) {
  const { t } = language;
  const [what, ...more] = troubleLines(trouble, t, clockOf(language));
  const page = webAddress(trouble.grantAt);
  return (
    <Alert
      type="warning"
      showIcon
      message={what}
      description={
        <>
          <Lines lines={more} />
          {page === undefined ? (
            trouble.grantAt
          ) : (
            <Typography.Link href={page} target="_blank" rel="noopener">
              {t('Grant it at DingTalk')}
            </Typography.Link>
          )}
        </>
      }
    />
  );
}
