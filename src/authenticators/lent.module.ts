import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { Signer } from '../plugin-client/index.js';
import { OneTimeStore } from '../core/sign-in/index.js';
import { RedisConnection } from '../shared-store/index.js';
import { Telemetry } from '../telemetry/index.js';
import { RefusedCodes } from '../core/limits/index.js';

@Module({})
class LentModule {}

/** The application's singletons. */
const LENT = [OneTimeStore, RedisConnection, RefusedCodes, Signer, Telemetry];

export const LENT_MODULE = Symbol('LENT_MODULE');

/** Provides them to the contexts of the authenticators, which do not close them. */
export const lentModule: FactoryProvider<DynamicModule> = {
  provide: LENT_MODULE,
  inject: LENT,
  useFactory: (...values: readonly unknown[]) => ({
    module: LentModule,
    global: true,
    providers: LENT.map((provide, index) => ({ provide, useValue: values[index] })),
    exports: LENT,
  }),
};
