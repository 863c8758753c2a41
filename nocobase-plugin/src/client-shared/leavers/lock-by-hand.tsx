import { Alert, Button, Input, Space, Typography } from 'antd';
import React, { useState } from 'react';
import type { ClientApp } from '../client-app.js';
import { filledIn } from '../filled-in.js';
import { useLanguage } from '../text.js';
import { lock, type Run } from './calls.js';
import { userIdIn } from './sentences.js';

/** For an account whose person DingTalk knows nothing about. Asks for confirmation first. */
export function LockByHand({ app, isBusy, run }: { app: ClientApp; isBusy: boolean; run: Run }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState('');
  const [isAsked, setAsked] = useState(false);
  const userId = userIdIn(typed);
  const title = t('Lock an account by hand');
  const doIt = (id: number): void => {
    setAsked(false);
    setTyped('');
    void run(
      async () => lock(app, id),
      (outcome) => [
        filledIn(t(outcome === 'locked' ? 'User {id} is locked.' : 'User {id} was already locked.'), { id }),
      ],
    );
  };
  return (
    <section aria-label={title}>
      <Space direction="vertical" style={{ display: 'flex' }}>
        <Typography.Title level={5}>{title}</Typography.Title>
        <Typography.Text type="secondary">
          {t(
            'Its sessions and API keys end, and every way to sign in is blocked, until you unlock it here. A lock made by hand is never undone automatically.',
          )}
        </Typography.Text>
        <Space wrap>
          <Input
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
              setAsked(false);
            }}
            placeholder={t('User ID')}
            aria-label={t('User ID')}
          />
          <Button disabled={isBusy || userId === undefined} onClick={() => setAsked(true)}>
            {t('Lock …')}
          </Button>
        </Space>
        {typed.trim() !== '' && userId === undefined ? (
          <Typography.Text type="danger">{t('A user ID is a whole number, as in the list of users.')}</Typography.Text>
        ) : null}
        {isAsked && userId !== undefined ? (
          <div role="group" aria-label={filledIn(t('Lock the account of user {id}?'), { id: userId })}>
            <Alert
              type="warning"
              showIcon
              message={filledIn(t('Lock the account of user {id}?'), { id: userId })}
              description={
                <Space>
                  <Button danger disabled={isBusy} onClick={() => doIt(userId)}>
                    {t('Lock')}
                  </Button>
                  <Button onClick={() => setAsked(false)}>{t('Cancel')}</Button>
                </Space>
              }
            />
          </div>
        ) : null}
      </Space>
    </section>
  );
}
