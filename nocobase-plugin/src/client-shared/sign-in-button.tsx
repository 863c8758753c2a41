import { DingtalkOutlined } from '@ant-design/icons';
import { Button, Typography } from 'antd';
import React, { useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { startUrl } from './addresses.js';
import { flowAtOnce, loopGuard } from './at-once.js';
import type { Client, PublicAuthenticator } from './client-app.js';
import { isFramed } from './in-frame.js';
import { SignInError } from './sign-in-error.js';
import { forgetSignOut } from './signed-out.js';
import { useLanguage } from './text.js';

/** If several authenticators redirect to DingTalk automatically, only the first one does. */
let isLeaving = false;

/** The button below the login form. It is a link, so that keyboards, new tabs and screen readers can handle it. */
export function SignInButton(props: { client: Client; authenticator: PublicAuthenticator; isFirst: boolean }) {
  const { client, authenticator, isFirst } = props;
  const { t } = useLanguage();
  const { search } = useLocation();
  const [atOnce] = useState(() => flowAtOnce(search, authenticator.options ?? {}));
  const [goes, setGoes] = useState(false);
  const [framed] = useState(isFramed);
  const [pressed, setPressed] = useState(false);
  const href = startUrl(client, authenticator.name, search, 'browser');
  useEffect(() => {
    if (atOnce === undefined || isLeaving) return;
    isLeaving = true;
    setGoes(true);
    loopGuard.count();
    location.replace(startUrl(client, authenticator.name, search, atOnce));
  }, [atOnce, authenticator.name, client, search]);

  return (
    <>
      {isFirst ? <SignInError /> : null}
      <Button
        block
        // NocoBase's brand line covers the bottom of a window that is low, or that becomes too low because of an error.
        style={{ position: 'relative', zIndex: 1 }}
        icon={<DingtalkOutlined aria-hidden style={{ color: '#1677ff', fontSize: 16 }} />}
        loading={goes}
        href={href}
        target={framed ? '_top' : undefined}
        onClick={() => {
          setPressed(true);
          forgetSignOut();
          loopGuard.forget();
        }}
      >
        {authenticator.title || t('Sign in with DingTalk')}
      </Button>
      {/* If the frame may navigate the top window, nobody sees this page; if it may not (`sandbox`), no browser tells. */}
      {framed && pressed ? (
        <Typography.Text type="secondary">
          {t('Nothing happens?')}{' '}
          <Typography.Link href={href} target="_blank" rel="noopener">
            {t('Sign in in a new tab')}
          </Typography.Link>
        </Typography.Text>
      ) : null}
    </>
  );
}
