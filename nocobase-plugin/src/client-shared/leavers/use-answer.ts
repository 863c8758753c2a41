import { useEffect, useState } from 'react';
import type { Answer } from './calls.js';

/**
 * The answer to a call, which is repeated whenever `asked` changes. The previous answer stays until the next arrives; an answer to
 * an outdated request is dropped.
 */
export function useAnswer<Value>(load: () => Promise<Answer<Value>>, asked: string): Answer<Value> | undefined {
  const [answer, setAnswer] = useState<Answer<Value> | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    void load().then((come) => isWanted && setAnswer(come));
    return () => {
      isWanted = false;
    };
  }, [asked]);
  return answer;
}
