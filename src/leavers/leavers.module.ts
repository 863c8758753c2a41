import { Module } from '@nestjs/common';
import { EventsController } from './events.controller.js';
import { LeaversService } from './leavers.service.js';
import { ConfigurableModuleClass } from './leavers.options.js';

/**
 * Watches who leaves the organizations, for each active authenticator. `imports` provide AuthenticatorRegistry,
 * Authenticators, PluginClient, RedisConnection, RateLimiter and Responder.
 */
@Module({ controllers: [EventsController], providers: [LeaversService], exports: [LeaversService] })
export class LeaversModule extends ConfigurableModuleClass {}
