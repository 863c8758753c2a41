import { Checkbox, Input, InputNumber, Radio } from 'antd';
import React from 'react';
import { SENTENCE_OF_NEED, useFormState } from './form-state.js';
import { type ControlProps, List } from './list.js';
import { EventsUrl, RedirectUrl } from './console-addresses.js';
import { GatewayAddress } from './gateway-address.js';
import { Events, Leavers } from './leavers-choice.js';
import { Match } from './match.js';
import { PinnedKeys } from './pinned-keys.js';
import { Roles } from './roles.js';
import { SignInBy } from './sign-in-by.js';
import { useLanguage } from './text.js';

type TextChange = { target: { value: string } };

function Line({ id, value, onChange, disabled }: ControlProps<string, TextChange>) {
  return <Input id={id} value={value} onChange={onChange} disabled={disabled} autoComplete="off" />;
}

function Count({ id, value, onChange, disabled }: ControlProps<number, number | null>) {
  return <InputNumber id={id} value={value} onChange={onChange} disabled={disabled} style={{ width: '100%' }} />;
}

/** Always empty when the form opens: the server never returns the secret. */
function Secret({ id, value, onChange, disabled }: ControlProps<string, TextChange>) {
  const { t } = useLanguage();
  const { needOfSecret } = useFormState();
  const placeholder = needOfSecret === undefined ? t('Stored. Leave it empty to keep it.') : undefined;
  return (
    <Input.Password
      id={id}
      value={value}
      onChange={onChange}
      disabled={disabled}
      placeholder={needOfSecret === 'moved' ? t(SENTENCE_OF_NEED.moved) : placeholder}
      autoComplete="new-password"
    />
  );
}

/** The classic client's forms pass `value`, the new one's `checked`. */
function Tick({
  id,
  value,
  checked,
  onChange,
  disabled,
}: ControlProps<boolean, { target: { checked: boolean } }> & { checked?: boolean }) {
  return <Checkbox id={id} checked={(checked ?? value) === true} onChange={onChange} disabled={disabled} />;
}

function Identity({ id, value, onChange, disabled }: ControlProps<string, TextChange>) {
  const { t } = useLanguage();
  const options = [
    { value: 'profile', label: t('Their own profile') },
    { value: 'member', label: t("The organization's record of them") },
  ];
  return <Radio.Group id={id} value={value} onChange={onChange} disabled={disabled} options={options} />;
}

export const CONTROLS = {
  SignInBy,
  Line,
  GatewayAddress,
  Count,
  Secret,
  Tick,
  List,
  Identity,
  Roles,
  RedirectUrl,
  EventsUrl,
  Leavers,
  Events,
  PinnedKeys,
  Match,
} as const;
export type ControlName = keyof typeof CONTROLS;

/** Shows what follows from other fields; saves nothing itself. */
export function isComputed(control: ControlName): control is 'RedirectUrl' | 'EventsUrl' {
  return control === 'RedirectUrl' || control === 'EventsUrl';
}
