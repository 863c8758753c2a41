import { Inject, Injectable } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { configurableModule } from './configurable-module.js';
import { Namespace } from './namespace.js';

interface Greeting {
  readonly words: string;
}

const greetingConfig = new Namespace<Greeting>('greeting');
const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = configurableModule<Greeting>('Greeting');
class GreetingModule extends ConfigurableModuleClass {}
class NeighbourModule {}

@Injectable()
class Porter {
  constructor(@Inject(greetingConfig.KEY) readonly greeting: Greeting) {}
}

const loaded = (words: string) => ConfigModule.forRoot({ isGlobal: true, load: [greetingConfig.of({ words })] });

describe('A namespace', () => {
  it('is injected by its key, in each application with that application’s settings', async () => {
    const said = async (words: string) => {
      const application = await Test.createTestingModule({ imports: [loaded(words)], providers: [Porter] }).compile();
      return application.get(Porter).greeting;
    };
    expect(await Promise.all([said('Good morning'), said('早上好')])).toEqual([
      { words: 'Good morning' },
      { words: '早上好' },
    ]);
  });

  it('provides the options of a module', async () => {
    const greeting = GreetingModule.forRootAsync({
      inject: [greetingConfig.KEY],
      useFactory: ({ words }: Greeting) => ({ words: `${words}!` }),
    });
    const application = await Test.createTestingModule({ imports: [loaded('Hello'), greeting] }).compile();
    expect(application.get(MODULE_OPTIONS_TOKEN, { strict: false })).toEqual({ words: 'Hello!' });
  });
});

describe('A module that is registered', () => {
  it('imports the given modules, and does not treat them as an option', () => {
    const { imports, providers } = GreetingModule.forRoot({ imports: [NeighbourModule], words: 'Hello' });
    expect(imports).toEqual([NeighbourModule]);
    expect(providers).toEqual([{ provide: MODULE_OPTIONS_TOKEN, useValue: { words: 'Hello' } }]);
  });

  it('imports them once if its options come from a factory', () => {
    const { imports } = GreetingModule.forRootAsync({ imports: [NeighbourModule], useFactory: () => ({ words: '' }) });
    expect(imports).toEqual([NeighbourModule]);
  });
});
