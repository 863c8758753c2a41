import { Plugin } from '@nocobase/server';

export class DingTalkPlugin extends Plugin {
  override async load(): Promise<void> {}
}
