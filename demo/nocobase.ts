/** real-nocobase/launch.mjs, which is not compiled with the demo. */
export interface Launcher {
  installRealNocoBase(options: { onProgress: (line: string) => void }): Promise<void>;
  launchRealNocoBase(options: {
    port: number;
    web: boolean;
    authenticator: string;
    env: Record<string, string>;
  }): Promise<NocoBase>;
  installPlugin(nocobase: NocoBase, plugin: { file: string; packageName: string }): Promise<void>;
}

export interface NocoBase {
  readonly url: string;
  readonly apiKey: string;
  readonly jwtSecret: string;
  readonly root: { account: string; password: string };
  stop(): Promise<void>;
}

export async function post({ url, apiKey }: NocoBase, action: string, body: object): Promise<void> {
  const response = await fetch(`${url}/api/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`NocoBase refused ${action}: HTTP ${response.status}`);
}
