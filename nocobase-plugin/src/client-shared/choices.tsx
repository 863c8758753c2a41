import { Radio, Typography } from 'antd';
import React from 'react';
import type { ControlProps } from './list.js';
import { type Text, useLanguage } from './text.js';

/** One of a few options, each with its meaning below its name. */
export function Choices<Name extends string>({
  words,
  names,
  ...props
}: ControlProps<string, { target: { value: string } }> & {
  readonly names: readonly Name[];
  readonly words: Readonly<Record<Name, { readonly label: Text; readonly help: Text }>>;
}) {
  const { t } = useLanguage();
  return (
    <Radio.Group
      {...props}
      options={names.map((name) => ({
        value: name,
        label: (
          <>
            <Typography.Text>{t(words[name].label)}</Typography.Text>
            <Typography.Text type="secondary" style={{ display: 'block' }}>
              {t(words[name].help)}
            </Typography.Text>
          </>
        ),
      }))}
    />
  );
}
