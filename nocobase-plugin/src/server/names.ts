/** The package's name, which is also the namespace of its texts in NocoBase. */
export const PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** The resource that this plugin's actions belong to. */
export const RESOURCE = 'dingtalk';
