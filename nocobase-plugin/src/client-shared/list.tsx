import { Select } from 'antd';
import React from 'react';

/** What a form of either client hands to a control: Formily gives the new value's event, antd's form as well. */
export interface ControlProps<Value, Change = Value> {
  readonly id?: string | undefined;
  readonly value?: Value | undefined;
  readonly onChange?: ((change: Change) => void) | undefined;
  readonly disabled?: boolean | undefined;
}

/** Texts of any kind, one after the other. */
export function List({ id, value, onChange, disabled }: ControlProps<string[]>) {
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
