import { Module } from '@nestjs/common';
import { JwksController } from './jwks.controller.js';
import { Signer } from './signer.js';
import { ConfigurableModuleClass, SIGNING_OPTIONS, type SigningOptions } from './signing.options.js';

/** The gateway's own key pairs, and the route that publishes their public halves. */
@Module({
  controllers: [JwksController],
  providers: [
    { provide: Signer, inject: [SIGNING_OPTIONS], useFactory: ({ secrets }: SigningOptions) => new Signer(secrets) },
  ],
  exports: [Signer],
})
export class SigningModule extends ConfigurableModuleClass {}
