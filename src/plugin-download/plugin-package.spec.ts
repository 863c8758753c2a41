import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { NotFoundError } from '../core/errors/index.js';
import { PluginNotPackedError } from './plugin-download.errors.js';
import { PluginDownload } from './plugin-download.service.js';
import { PluginPackage } from './plugin-package.js';

// printf 'a plugin' | sha256sum
const SHA256 = 'bc1de45bfa4006cb1695e194d9bdf6532af14e323de66a5bd13b146184b15d30';

describe('The packed plugin', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plugin-package-'));
    file = join(folder, 'plugin.tgz');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    jest.restoreAllMocks();
  });

  const download = (enabled = true): PluginDownload =>
    new PluginDownload({ enabled, publicUrl: 'https://app.example.com/sso' }, new PluginPackage(file));

  it('is read once: checksum and bytes stay those of one file', async () => {
    writeFileSync(file, 'a plugin');
    const plugin = new PluginPackage(file);
    const [one, other] = await Promise.all([plugin.read(), plugin.read()]);
    writeFileSync(file, 'another');
    expect(one?.bytes).toBe(other?.bytes);
    expect(await plugin.read()).toBe(one);
    expect(one).toEqual({ bytes: Buffer.from('a plugin'), sha256: SHA256 });
  });

  it('is looked for again if it was missing, because a build may add it', async () => {
    const plugin = download();
    expect(await plugin.offered()).toBeUndefined();
    await expect(plugin.packed()).rejects.toThrow(PluginNotPackedError);
    writeFileSync(file, 'a plugin');
    expect(await plugin.offered()).toMatchObject({ url: 'https://app.example.com/sso/plugin.tgz', sha256: SHA256 });
    expect((await plugin.packed()).bytes.toString()).toBe('a plugin');
  });

  it('is not served if it is switched off', async () => {
    writeFileSync(file, 'a plugin');
    expect(await download(false).offered()).toBeUndefined();
    await expect(download(false).packed()).rejects.toThrow(NotFoundError);
  });

  it('is reported missing in the log at the start, but only if it should be served', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    download(false).onApplicationBootstrap();
    expect(warn).not.toHaveBeenCalled();
    download().onApplicationBootstrap();
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ event: 'plugin_not_packed', file }));
    writeFileSync(file, 'a plugin');
    warn.mockClear();
    download().onApplicationBootstrap();
    expect(warn).not.toHaveBeenCalled();
  });
});
