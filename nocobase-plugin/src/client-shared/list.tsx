import { Select } from 'antd';
import React from 'react';
import { BETWEEN_ENTRIES } from './between-entries.js';

/** What a form passes to a control in either client. Formily accepts the event of a change, and so does antd's form. */
export interface ControlProps<Value, Change = Value> {
  readonly id?: string | undefined;
  readonly value?: Value | undefined;
  readonly onChange?: ((change: Change) => void) | undefined;
  readonly disabled?: boolean | undefined;
}

/** Any texts, one below another. */
export function List({ id, value, onChange, disabled }: ControlProps<string[]>) {
  return (
    <Select
      id={id}
      mode="tags"
      open={false}
      suffixIcon={null}
      tokenSeparators={BETWEEN_ENTRIES}
      value={value ?? []}
      onChange={onChange}
      disabled={disabled}
      style={{ width: '100%' }}
    />
  );
}
