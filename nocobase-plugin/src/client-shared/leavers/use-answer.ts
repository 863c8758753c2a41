import { useEffect, useState } from 'react';
import type { Answer } from './calls.js';

/**
 * What a call answers, asked again whenever `asked` changes. What was there stays until the next answer comes; an answer that is
 * overtaken by another question is dropped.
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
