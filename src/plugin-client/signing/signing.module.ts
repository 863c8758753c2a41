import { type DynamicModule, Module } from '@nestjs/common';
import { JwksController } from './jwks.controller.js';
import { Signer } from './signer.js';

@Module({})
export class SigningModule {
  /** @param secrets as `AUTH_COOKIE_SECRET` lists them: the first signs, what all of them signed is good */
  static forRoot(secrets: readonly [string, ...string[]]): DynamicModule {
    return {
      module: SigningModule,
      controllers: [JwksController],
      providers: [{ provide: Signer, useFactory: () => new Signer(secrets) }],
      exports: [Signer],
    };
  }
}
