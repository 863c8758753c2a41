import React, { useEffect } from 'react';
import { type SignInBy as Way, WAYS } from '../server/sign-in-by.js';
import { Choices } from './choices.js';
import { useFormState } from './form-state.js';
import type { ControlProps } from './list.js';
import { signInByOf } from './settings.js';
import type { Text } from './text.js';

const WORDS = {
  nocobase: { label: 'By this NocoBase', help: 'NocoBase talks to DingTalk directly. No other program has to run.' },
  gateway: {
    label: 'By a gateway',
    help: 'A nocobase-dingtalk-gateway talks to DingTalk and then passes people on to NocoBase. It runs beside NocoBase and can serve several applications.',
  },
} as const satisfies Record<Way, { label: Text; help: Text }>;

/** Which side signs people in. */
export function SignInBy({ id, value, onChange, disabled }: ControlProps<string, { target: { value: string } }>) {
  const way = signInByOf(useFormState().options);
  // Settings from an older version do not contain it. Set here, it stays `gateway` while the address is being changed.
  useEffect(() => {
    if (value === undefined && way === 'gateway') onChange?.({ target: { value: way } });
  }, [value, way]);
  return <Choices id={id} value={way} onChange={onChange} disabled={disabled} names={WAYS} words={WORDS} />;
}
