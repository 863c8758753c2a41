import { type ConfigFactory, type ConfigObject, getConfigToken, registerAs } from '@nestjs/config';

/**
 * Settings of a room as a namespace of `@nestjs/config`, injected by its `KEY`. A factory of `registerAs` that reads the
 * environment would do so while Nest starts, and end it at the first problem; the environment was read before, all
 * problems together (`cli/start.command.ts`), and is loaded by `of`.
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
