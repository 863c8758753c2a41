import { type ConfigFactory, type ConfigObject, getConfigToken, registerAs } from '@nestjs/config';

/**
 * Settings of a room as a namespace of `@nestjs/config`, injected by its `KEY`. A factory of `registerAs` would read
 * the environment while Nest starts, and stop at the first problem. Here the environment was read before, with all
 * problems reported together (`cli/start.command.ts`), and `of` only loads it.
 */
export class Namespace<Settings extends object> {
  readonly KEY: string;

  constructor(private readonly name: string) {
    this.KEY = getConfigToken(name);
  }

  /** For `ConfigModule.forRoot({ load })`. */
  of(settings: Settings): ConfigFactory {
    return registerAs(this.name, (): ConfigObject => settings as ConfigObject);
  }
}
