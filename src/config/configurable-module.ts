import { ConfigurableModuleBuilder, type DynamicModule, type ModuleMetadata } from '@nestjs/common';

/** The modules that provide what the module's own providers inject: each module lists them. */
type Imports = Pick<ModuleMetadata, 'imports'>;

/**
 * How all our modules are registered: `forRoot({ imports, ...options })`, or `forRootAsync` with a factory.
 *
 * @param token for injecting the options, if another module already has it
 */
export function configurableModule<Options extends object>(moduleName: string, token?: string | symbol) {
  const named = token === undefined ? {} : { optionsInjectionToken: token };
  return new ConfigurableModuleBuilder<Options>({ moduleName, ...named })
    .setClassMethodName('forRoot')
    .setExtras<Imports>({ imports: [] }, withImports)
    .build();
}

function withImports(definition: DynamicModule, { imports = [] }: Imports): DynamicModule {
  return { ...definition, imports: [...(definition.imports ?? []), ...imports] };
}
