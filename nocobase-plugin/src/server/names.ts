/** Of this package: the namespace of its texts at NocoBase. */
export const PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** The resource that this plugin's actions belong to. */
export const RESOURCE = 'dingtalk';
