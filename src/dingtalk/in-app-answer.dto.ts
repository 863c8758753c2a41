import { ValidationPipe } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { InvalidRequestError } from '../core/errors/index.js';
import { STATE_PATTERN } from '../core/sign-in/index.js';
import { CODE_PATTERN } from '../core/dingtalk/index.js';
import { DETAIL } from '../core/texts/index.js';

const { IsString, Matches } = validatorPackage;

/** The body that our page posts: the code from DingTalk's client, and the state that the page was served with. */
export class InAppAnswer {
  @IsString()
  @Matches(CODE_PATTERN)
  readonly code!: string;

  @IsString()
  @Matches(STATE_PATTERN)
  readonly state!: string;
}

const pipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  // Passed in, because the single-file program has no `node_modules` to load it from.
  transformerPackage,
  validatorPackage,
  exceptionFactory: () => new InvalidRequestError(DETAIL.dingtalk.notOfOurPage.en),
});

/** Refuses unknown keys, too. @throws InvalidRequestError */
export async function readInAppAnswer(body: unknown): Promise<InAppAnswer> {
  return (await pipe.transform(body, { type: 'body', metatype: InAppAnswer })) as InAppAnswer;
}
