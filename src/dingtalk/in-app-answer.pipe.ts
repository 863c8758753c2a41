import { Injectable, type PipeTransform } from '@nestjs/common';
import type { InAppAnswer } from './in-app-answer.dto.js';

/**
 * Validates an `InAppAnswer`. Its validator is loaded with the first one: it is a sixth of all modules, and most starts
 * never need it.
 */
@Injectable()
export class InAppAnswerPipe implements PipeTransform<unknown, Promise<InAppAnswer>> {
  /** @throws InvalidRequestError */
  async transform(body: unknown): Promise<InAppAnswer> {
    const { readInAppAnswer } = await import('./in-app-answer.dto.js');
    return readInAppAnswer(body);
  }
}
