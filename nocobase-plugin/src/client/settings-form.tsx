import { type Form, observer, useForm } from '@formily/react';
import { SchemaComponent, useApp } from '@nocobase/client';
import { Divider } from 'antd';
import React, { useMemo } from 'react';
import { CONTROLS, isComputed } from '../client-shared/controls.js';
import { Examination } from '../client-shared/examination.js';
import { Folded } from '../client-shared/folded.js';
import { formSections } from '../client-shared/form.js';
import { displayOf, type FormField, isFoldedWrong, problemOf } from '../client-shared/form-field.js';
import { FormContext, needOfSecret, SENTENCE_OF_NEED } from '../client-shared/form-state.js';
import { formOptions, type FormOptions } from '../client-shared/settings.js';
import { TakeOver } from '../client-shared/take-over.js';
import { type Language, useLanguage } from '../client-shared/text.js';

/** The parts of a Formily field in the drawer's form that a reaction changes. */
interface Field {
  readonly form: Form;
  display: 'visible' | 'hidden' | 'none';
  required: boolean;
}

const optionsOf = ({ values }: Form): FormOptions => formOptions(values['options']);
const needOfSecretIn = (form: Form): ReturnType<typeof needOfSecret> =>
  needOfSecret(optionsOf(form), formOptions(form.initialValues['options']));

/** Shown in the field `options` of the drawer that NocoBase opens for "Add new" and "Configure". */
export const SettingsForm = observer(() => {
  const app = useApp();
  const form = useForm();
  const { t } = useLanguage();
  const client = useMemo(() => ({ app, isNew: false }), [app]);
  // Created once: Formily keeps the fields that it created from a schema.
  const sections = useMemo(() => formSections(client), [client]);
  const schema = useMemo(() => schemaOf(sections, t), [sections]);
  const { name, id } = form.values;
  const options = { ...optionsOf(form) };
  return (
    <FormContext.Provider
      value={{
        client,
        name,
        isStored: id !== undefined,
        options,
        needOfSecret: needOfSecretIn(form),
        isFoldedWrong: isFoldedWrong(sections, options),
      }}
    >
      <SchemaComponent schema={schema} components={COMPONENTS} />
    </FormContext.Provider>
  );
});

function Heading({ title }: { title: string }) {
  return (
    <Divider orientation="left" orientationMargin="0">
      {title}
    </Divider>
  );
}

const COMPONENTS: Record<string, unknown> = {
  DingTalkHeading: Heading,
  DingTalkFolded: Folded,
  DingTalkExamination: Examination,
  DingTalkTakeOver: TakeOver,
};
for (const [name, control] of Object.entries(CONTROLS)) COMPONENTS[`DingTalk${name}`] = control;

function schemaOf(sections: ReturnType<typeof formSections>, t: Language['t']): object {
  const properties: Record<string, object> = {};
  sections.forEach(({ title, fields, isFolded }, index) => {
    const inside: Record<string, object> = {};
    for (const field of fields) inside[field.path.join('.')] = property(field, t);
    if (isFolded === true && title !== undefined) {
      properties[`folded${index}`] = {
        type: 'void',
        'x-component': 'DingTalkFolded',
        'x-component-props': { title: t(title) },
        properties: inside,
      };
      return;
    }
    if (title !== undefined) properties[`heading${index}`] = heading(t(title));
    Object.assign(properties, inside);
  });
  properties['headingOfExamination'] = heading(t('Test'));
  properties['examination'] = { type: 'void', 'x-component': 'DingTalkExamination' };
  properties['takeOver'] = { type: 'void', 'x-component': 'DingTalkTakeOver' };
  return { type: 'object', properties };
}

function heading(title: string): object {
  return { type: 'void', 'x-component': 'DingTalkHeading', 'x-component-props': { title } };
}

function property(field: FormField, t: Language['t']): object {
  const { label, help, control, required = false, initial } = field;
  const validate = function (this: void, value: unknown, _rule: unknown, context: Pick<Field, 'form'>): string {
    const options = optionsOf(context.form);
    const isForgotten = control === 'Secret' && !value && needOfSecretIn(context.form) === 'moved';
    const problem = isForgotten ? SENTENCE_OF_NEED.moved : problemOf(field, value, options);
    return problem === undefined ? '' : t(problem);
  };
  const react = (made: Field): void => {
    const options = optionsOf(made.form);
    made.display = displayOf(field, options);
    // Formily's own message for a required field gives no reason.
    if (control === 'Secret') made.required = needOfSecretIn(made.form) === 'missing';
  };
  return {
    type: isComputed(control) ? 'void' : TYPES[control],
    title: t(label),
    'x-decorator': 'FormItem',
    'x-component': `DingTalk${control}`,
    'x-reactions': react,
    ...(help === undefined ? {} : { description: t(help) }),
    ...(isComputed(control) ? {} : { required, 'x-validator': validate }),
    ...(initial === undefined ? {} : { default: initial }),
  };
}

const TYPES = {
  SignInBy: 'string',
  Count: 'number',
  Line: 'string',
  GatewayAddress: 'string',
  Secret: 'string',
  Identity: 'string',
  Leavers: 'string',
  Events: 'string',
  Tick: 'boolean',
  List: 'array',
  Roles: 'array',
  PinnedKeys: 'array',
  Match: 'string',
};
