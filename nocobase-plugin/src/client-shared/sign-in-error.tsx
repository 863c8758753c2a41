import { Alert, Typography } from 'antd';
import React, { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { ERROR_TEXTS, type ErrorText } from '../../../src/core/errors/error-texts.js';
import { ERROR_PARAMETER, ORIGIN_REFUSED, REQUEST_PARAMETER } from '../../../src/core/plugin-protocol/addresses.js';
import { type Language, useLanguage } from './text.js';

/** The format that both NocoBase and the gateway generate; anything else in the address comes from a third party. */
const REQUEST_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface Told {
  readonly code: string;
  readonly requestId: string | undefined;
}

/** Explains a sign-in that returned with an error, once: the code is then removed from the address. */
export function SignInError() {
  const language = useLanguage();
  const { pathname, search, hash } = useLocation();
  const navigate = useNavigate();
  const [told] = useState(() => readError(search));
  useEffect(() => {
    const query = new URLSearchParams(search);
    if (!query.has(ERROR_PARAMETER) && !query.has(REQUEST_PARAMETER)) return;
    query.delete(ERROR_PARAMETER);
    query.delete(REQUEST_PARAMETER);
    const left = query.toString();
    navigate({ pathname, search: left === '' ? '' : `?${left}`, hash }, { replace: true });
  }, [hash, navigate, pathname, search]);

  if (told === undefined) return null;
  const { code, title, text } = sentenceFor(told.code, language);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      message={title}
      description={
        <>
          <div>{text}</div>
          <div>
            <Typography.Text type="secondary" style={{ fontSize: 12 }}>
              {language.t('Error code')} {code}
            </Typography.Text>
          </div>
          {told.requestId === undefined ? null : (
            <Typography.Text type="secondary" style={{ fontSize: 12, overflowWrap: 'anywhere' }}>
              {language.t('Request ID')} {told.requestId}
            </Typography.Text>
          )}
        </>
      }
      style={{ marginBottom: 16 }}
    />
  );
}

function readError(search: string): Told | undefined {
  const query = new URLSearchParams(search);
  const code = query.get(ERROR_PARAMETER);
  if (code === null) return undefined;
  const requestId = query.get(REQUEST_PARAMETER) ?? '';
  return { code, requestId: REQUEST_ID.test(requestId) ? requestId : undefined };
}

/** No text from an address is shown: an unknown code gets a general sentence and that sentence's code. */
function sentenceFor(code: string, { t, lang }: Language): ErrorText & { readonly code: string } {
  if (code === ORIGIN_REFUSED) {
    return {
      code,
      title: t('NocoBase does not accept the address of this page'),
      text: t(
        'You cannot fix this yourself. Your administrator must configure the proxy in front of NocoBase to send X-Forwarded-Proto, and Host or X-Forwarded-Host, as browsers see them. Until then nobody can sign in.',
      ),
    };
  }
  const texts = ERROR_TEXTS[lang];
  const known = new Map<string, ErrorText>(Object.entries(texts)).get(code);
  if (known === undefined) return { code: 'server_error', ...texts.server_error };
  // The gateway's own page shows the permission below its sentence; an address does not contain it.
  if (code === 'phone_missing') {
    const text = t(
      'Your first sign-in needs it. If the application lacks the permission for the mobile number, your DingTalk administrator must grant it and publish the application. If DingTalk has no mobile number for you, your NocoBase administrator can link your account.',
    );
    return { code, title: known.title, text };
  }
  return { code, ...known };
}
