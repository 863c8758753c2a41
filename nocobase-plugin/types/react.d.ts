// The part of React and React Router that the clients use: NocoBase provides both, and the type check also runs where it is not
// installed.
declare module 'react' {
  export type ReactNode = ReactElement | string | number | boolean | null | undefined | readonly ReactNode[];
  export interface ReactElement {
    readonly type: unknown;
  }
  export type ComponentType<Props = object> = (props: Props) => ReactNode;
  export interface Context<Value> {
    readonly Provider: ComponentType<{ value: Value; children?: ReactNode }>;
  }
  export function createContext<Value>(value: Value): Context<Value>;
  export function useContext<Value>(context: Context<Value>): Value;
  export function useEffect(effect: () => void | (() => void), dependencies: readonly unknown[]): void;
  export function useMemo<Value>(make: () => Value, dependencies: readonly unknown[]): Value;
  export function useRef<Value>(value: Value): { current: Value };
  export function useState<State>(
    initial: State | (() => State),
  ): [state: State, set: (next: State | ((previous: State) => State)) => void];

  const React: {
    createElement(type: unknown, props: object | null, ...children: readonly ReactNode[]): ReactElement;
    Fragment: ComponentType<{ children?: ReactNode }>;
  };
  export default React;

  global {
    namespace JSX {
      type Element = ReactElement;
      type ElementType = ComponentType<never> | keyof IntrinsicElements;
      interface ElementChildrenAttribute {
        children: unknown;
      }
      interface IntrinsicAttributes {
        key?: string | number;
      }
      interface IntrinsicElements {
        div: Html;
        span: Html;
        ul: Html;
        li: Html;
        section: Html;
        table: Html;
        thead: Html;
        tbody: Html;
        tr: Html;
        th: Html;
        td: Html;
      }
      interface Html {
        key?: string | number;
        children?: ReactNode;
        style?: Readonly<Record<string, string | number>>;
        role?: string;
        ref?: (element: HTMLElement | null) => void;
        'aria-hidden'?: boolean;
        'aria-label'?: string;
        scope?: 'col';
      }
    }
  }
}

declare module 'react-router-dom' {
  export interface Location {
    readonly pathname: string;
    readonly search: string;
    readonly hash: string;
  }
  export function useLocation(): Location;
  export function useNavigate(): (to: Partial<Location>, options: { replace: boolean }) => void;
}

declare module 'react-i18next' {
  export function useTranslation(
    namespaces: readonly string[],
    options: { nsMode: 'fallback' },
  ): {
    readonly t: (key: string, values?: Readonly<Record<string, string>>) => string;
    readonly i18n: { readonly language: string | undefined };
  };
}
