import { useEffect, useState } from 'react';
import { isRecord, isText } from '../../../src/core/browser/index.js';
import type { ClientApp } from './client-app.js';

/**
 * The server's name for this application: on its own domain, a sub-app's client calls itself `main`.
 *
 * @returns undefined until the server has answered
 */
export function useAppName(app: ClientApp): string | undefined {
  const isKnown = app.name !== 'main';
  const [asked, setAsked] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (isKnown) return undefined;
    let isWanted = true;
    askForName(app).then(
      (name) => isWanted && setAsked(name),
      () => isWanted && setAsked(app.name),
    );
    return () => {
      isWanted = false;
    };
  }, [app]);
  return isKnown ? app.name : asked;
}

async function askForName(app: ClientApp): Promise<string> {
  const { data: body } = await app.apiClient.request({ url: 'app:getInfo', method: 'get', skipNotify: true });
  const info = isRecord(body) ? body['data'] : undefined;
  return isRecord(info) && isText(info['name']) ? info['name'] : app.name;
}
