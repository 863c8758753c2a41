/** Collection -> action (`view`, `create`, ...) -> fields. */
export type Rights = Record<string, Record<string, string[]>>;

/** What the gateway needs in NocoBase, and nothing more. */
export declare const GATEWAY_RIGHTS: Rights;

export interface GatewayRoleOptions {
  /** NocoBase without `/api`. */
  url: string;
  /** API key of role root. */
  apiKey: string;
  /** Default `dingtalk-gateway`. */
  roleName?: string;
  /** Default: the role's name. */
  userName?: string;
  /** Default GATEWAY_RIGHTS. */
  rights?: Rights;
  /** NocoBase's words: `never`, `30d`, ... Keys made in the same second need different ones. */
  expiresIn?: string;
}

/** Creates the role, a user that holds it and an API key; throws if the role or the user is there already. */
export function createGatewayRole(options: GatewayRoleOptions): Promise<{ apiKey: string; userId: number }>;
