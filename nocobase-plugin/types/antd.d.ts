// The part of antd 5 that the clients use.
declare module 'antd' {
  import type { ComponentType, ReactNode } from 'react';

  type Style = Readonly<Record<string, string | number>>;

  interface Control<Value> {
    id?: string | undefined;
    value?: Value | undefined;
    onChange?: ((value: Value) => void) | undefined;
    disabled?: boolean | undefined;
  }
  interface TextProps {
    id?: string | undefined;
    value?: string | undefined;
    onChange?: ((event: { target: { value: string } }) => void) | undefined;
    disabled?: boolean | undefined;
    placeholder?: string | undefined;
    readOnly?: boolean | undefined;
    autoComplete?: string | undefined;
    onPressEnter?: (() => void) | undefined;
    'aria-label'?: string | undefined;
    style?: Style | undefined;
  }
  export const Input: ComponentType<TextProps> & { readonly Password: ComponentType<TextProps> };
  export const InputNumber: ComponentType<
    Omit<Control<number>, 'onChange'> & {
      onChange?: ((value: number | null) => void) | undefined;
      style?: Style | undefined;
    }
  >;
  export const Checkbox: ComponentType<{
    id?: string | undefined;
    checked?: boolean | undefined;
    onChange?: ((event: { target: { checked: boolean } }) => void) | undefined;
    disabled?: boolean | undefined;
  }>;
  export const Radio: {
    readonly Group: ComponentType<
      Omit<Control<string>, 'onChange'> & {
        onChange?: ((event: { target: { value: string } }) => void) | undefined;
        options: readonly { label: ReactNode; value: string }[];
      }
    >;
  };
  export const Select: ComponentType<
    Control<string[]> & {
      mode: 'tags' | 'multiple';
      open?: boolean | undefined;
      suffixIcon?: null | undefined;
      tokenSeparators?: readonly string[] | undefined;
      placeholder?: string | undefined;
      loading?: boolean | undefined;
      options?: readonly { label: string; value: string }[] | undefined;
      optionFilterProp?: string | undefined;
      style?: Style | undefined;
    }
  >;
  export const Button: ComponentType<{
    block?: boolean;
    style?: Style;
    type?: 'primary' | 'link';
    danger?: boolean;
    size?: 'small';
    href?: string | undefined;
    target?: '_top' | undefined;
    icon?: ReactNode;
    loading?: boolean | undefined;
    disabled?: boolean | undefined;
    onClick?: (() => void) | undefined;
    children?: ReactNode;
    'aria-label'?: string | undefined;
  }>;
  export const Card: ComponentType<{ style?: Style; children?: ReactNode }>;
  export const Alert: ComponentType<{
    type: 'error' | 'info' | 'success' | 'warning';
    showIcon?: boolean;
    message: ReactNode;
    description?: ReactNode;
    role?: string;
    style?: Style;
  }>;
  export const Space: ComponentType<{
    direction?: 'vertical';
    size?: number | 'small';
    wrap?: boolean;
    style?: Style;
    children?: ReactNode;
  }> & { readonly Compact: ComponentType<{ block?: boolean; style?: Style; children?: ReactNode }> };
  export const Divider: ComponentType<{ orientation: 'left'; orientationMargin: string; children?: ReactNode }>;
  export const Collapse: ComponentType<{
    ghost?: boolean;
    activeKey?: readonly string[];
    onChange?: (keys: readonly string[]) => void;
    items: readonly { key: string; label: ReactNode; children: ReactNode; forceRender: boolean }[];
    style?: Style;
  }>;
  export const Typography: {
    readonly Text: ComponentType<{
      type?: 'secondary' | 'success' | 'warning' | 'danger';
      strong?: boolean;
      copyable?: boolean;
      style?: Style;
      children?: ReactNode;
    }>;
    readonly Link: ComponentType<{ href: string; target: '_blank'; rel: 'noopener'; children?: ReactNode }>;
    readonly Title: ComponentType<{ level: 5; children?: ReactNode }>;
  };

  /** A form whose values only this plugin knows. */
  export interface FormInstance {
    validateFields(paths: readonly (readonly string[])[]): Promise<unknown>;
  }
  export interface Rule {
    required?: boolean;
    message?: string;
    validator?: (rule: unknown, value: unknown) => Promise<void>;
  }
  export const Form: {
    readonly Item: ComponentType<{
      name?: readonly string[];
      label?: ReactNode;
      extra?: ReactNode;
      rules?: readonly Rule[];
      valuePropName?: 'checked';
      initialValue?: unknown;
      hidden?: boolean;
      dependencies?: readonly (readonly string[])[];
      children?: ReactNode;
    }>;
    useFormInstance(): FormInstance;
    useWatch(path: readonly string[] | string, options: { form: FormInstance; preserve: true }): unknown;
  };
}

declare module '@ant-design/icons' {
  import type { ComponentType } from 'react';

  type Icon = ComponentType<{ style?: Readonly<Record<string, string | number>>; 'aria-hidden'?: boolean }>;
  export const CopyOutlined: Icon;
  export const CheckOutlined: Icon;
  export const DingtalkOutlined: Icon;
}
