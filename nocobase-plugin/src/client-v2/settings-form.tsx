import { useApp } from '@nocobase/client-v2';
import { Divider, Form, type Rule } from 'antd';
import React, { useMemo, useRef } from 'react';
import { CONTROLS, isComputed } from '../client-shared/controls.js';
import { Examination } from '../client-shared/examination.js';
import { Folded } from '../client-shared/folded.js';
import { formSections } from '../client-shared/form.js';
import { displayOf, type FormField, type FormSection, isFoldedWrong, problemOf } from '../client-shared/form-field.js';
import { FormContext, needOfSecret, SENTENCE_OF_NEED, useFormState } from '../client-shared/form-state.js';
import { type FormOptions, formOptions } from '../client-shared/settings.js';
import { TakeOver } from '../client-shared/take-over.js';
import { useLanguage } from '../client-shared/text.js';

/**
 * Shown in the drawer that NocoBase opens for "Add new" and "Configure". NocoBase saves only what the form contains, so every
 * option has a field.
 */
export function SettingsForm() {
  const app = useApp();
  const form = Form.useFormInstance();
  const { t } = useLanguage();
  const stored = useRef<FormOptions>({});
  const client = useMemo(() => ({ app, isNew: true }), [app]);
  const sections = useMemo(() => formSections(client), [client]);
  const name = Form.useWatch('name', { form, preserve: true });
  const id = Form.useWatch('id', { form, preserve: true });
  const options = formOptions(Form.useWatch('options', { form, preserve: true }));
  // The form may be completed in several steps; the gateway's address completes it.
  if (stored.current.gatewayUrl === undefined) stored.current = options;
  return (
    <FormContext.Provider
      value={{
        client,
        name,
        isStored: id !== undefined,
        options,
        needOfSecret: needOfSecret(options, stored.current),
        isFoldedWrong: isFoldedWrong(sections, options),
      }}
    >
      {sections.map((section) => (
        <Section key={section.title ?? ''} section={section} />
      ))}
      <Heading title={t('Test')} />
      <Examination />
      <TakeOver />
    </FormContext.Provider>
  );
}

function Section({ section: { title, fields, isFolded } }: { section: FormSection }) {
  const { t } = useLanguage();
  const inside = fields.map((field) => <SettingsField key={field.path.join('.')} field={field} />);
  if (isFolded === true && title !== undefined) return <Folded title={t(title)}>{inside}</Folded>;
  return (
    <>
      {title === undefined ? null : <Heading title={t(title)} />}
      {inside}
    </>
  );
}

function Heading({ title }: { title: string }) {
  return (
    <Divider orientation="left" orientationMargin="0">
      {title}
    </Divider>
  );
}

function SettingsField({ field }: { field: FormField }) {
  const { t } = useLanguage();
  const { options, needOfSecret } = useFormState();
  const { path, label, help, control, initial } = field;
  const Control = CONTROLS[control];
  const display = displayOf(field, options);
  if (display === 'none') return null;
  const texts = { label: t(label), ...(help === undefined ? {} : { extra: t(help) }) };
  if (isComputed(control)) {
    return (
      <Form.Item {...texts}>
        <Control />
      </Form.Item>
    );
  }
  const needOfField = field.required === true ? 'missing' : undefined;
  const need = control === 'Secret' ? needOfSecret : needOfField;
  const rules: Rule[] = [
    ...(need === undefined ? [] : [{ required: true, message: t(SENTENCE_OF_NEED[need]) }]),
    {
      validator: async (_rule, value) => {
        const problem = problemOf(field, value, options);
        if (problem !== undefined) throw new Error(t(problem));
      },
    },
  ];
  return (
    <Form.Item
      {...texts}
      name={['options', ...path]}
      // An invisible field must not prevent saving.
      rules={display === 'visible' ? rules : []}
      hidden={display === 'hidden'}
      {...(initial === undefined ? {} : { initialValue: initial })}
      {...(control === 'Tick' ? { valuePropName: 'checked' } : {})}
    >
      <Control />
    </Form.Item>
  );
}
