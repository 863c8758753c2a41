import { Checkbox, Input, Radio, Select } from 'antd';
import React from 'react';
import { SENTENCE_OF_NEED, useFormState } from './form-state.js';
import { Match } from './match.js';
import { PinnedKeys } from './pinned-keys.js';
import { RedirectUrl } from './redirect-url.js';
import { Roles } from './roles.js';
import { useLanguage } from './text.js';

/** What a form of either client hands to a control: Formily gives the new value's event, antd's form as well. */
interface ControlProps<Value, Change = Value> {
  readonly id?: string | undefined;
  readonly value?: Value | undefined;
  readonly onChange?: ((change: Change) => void) | undefined;
  readonly disabled?: boolean | undefined;
}

type TextChange = { target: { value: string } };

function Line({ id, value, onChange, disabled }: ControlProps<string, TextChange>) {
  return <Input id={id} value={value} onChange={onChange} disabled={disabled} autoComplete="off" />;
}

/** Nothing ever stands in it when the form opens: the server does not give the secret away. */
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

/** The classic client's forms say `value`, those of the new one `checked`. */
function Tick({
  id,
  value,
  checked,
  onChange,
  disabled,
}: ControlProps<boolean, { target: { checked: boolean } }> & { checked?: boolean }) {
  return <Checkbox id={id} checked={(checked ?? value) === true} onChange={onChange} disabled={disabled} />;
}

/** Texts of any kind, one after the other. */
function List({ id, value, onChange, disabled }: ControlProps<string[]>) {
  return (
    <Select
      id={id}
      mode="tags"
      open={false}
      suffixIcon={null}
      tokenSeparators={[',', ' ']}
      value={value ?? []}
      onChange={onChange}
      disabled={disabled}
      style={{ width: '100%' }}
    />
  );
}

function Identity({ id, value, onChange, disabled }: ControlProps<string, TextChange>) {
  const { t } = useLanguage();
  const options = [
    { value: 'profile', label: t('Their own profile') },
    { value: 'member', label: t("The organization's record of them") },
  ];
  return <Radio.Group id={id} value={value} onChange={onChange} disabled={disabled} options={options} />;
}

export const CONTROLS = { Line, Secret, Tick, List, Identity, Roles, RedirectUrl, PinnedKeys, Match } as const;
export type ControlName = keyof typeof CONTROLS;
