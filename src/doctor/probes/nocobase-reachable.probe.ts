import { z } from 'zod';
import { ExchangeError } from '../http-exchange.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { Patient } from '../patient.js';
import { attention, failed, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const info = z.object({ data: z.object({ version: z.string().regex(/^\d+\.[\w.-]{1,40}$/) }) });

export const reachableProbe: Probe<Patient> = {
  id: 'nocobase.reachable',
  title: text('NocoBase', 'NocoBase 服务'),
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    try {
      const answer = await nocobase.anonymousCheck();
      const code = nocoBaseCode(answer);
      if (answer.status === 401 && code === 'EMPTY_TOKEN') return versionOf(await nocobase.get('app:getInfo'));
      if (code === 'APP_NOT_FOUND') {
        return failed(
          text(`NocoBase has no application ${options.app}`, `NocoBase 没有应用 ${options.app}`),
          text(
            'Set NOCOBASE_APP to the name of the sub-app, or remove it for the main application.',
            '请将 NOCOBASE_APP 设为子应用名称；主应用则删除该变量。',
          ),
        );
      }
      if (answer.status === 503) {
        return failed(
          text(`NocoBase is starting, or in trouble (${code})`, `NocoBase 正在启动或出现故障（${code}）`),
          text(
            'Wait a minute and run this again; if it stays, the log of NocoBase says why.',
            '请稍等一分钟再运行；若仍如此，请查看 NocoBase 日志。',
          ),
        );
      }
      return anotherProgram(options.url, answer.status);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      return failed(
        text(`${options.url} does not answer (${error.code})`, `${options.url} 没有应答（${error.code}）`),
        text(
          'Start NocoBase, and look at NOCOBASE_URL: it is the address as the gateway reaches it (inside Compose: http://nocobase:13000), without /api.',
          '请启动 NocoBase，并检查 NOCOBASE_URL：应为网关访问 NocoBase 的地址（Compose 中如 http://nocobase:13000），不含 /api。',
        ),
      );
    }
  },
};

function versionOf({ json }: { json: unknown }): Finding {
  const version = info.safeParse(json).data?.data.version;
  if (version === undefined) return ok(text('answers; its version is not shown', '有应答；未显示版本'));
  if (Number(version.split('.')[0]) >= 2) return ok(text(`version ${version}`, `版本 ${version}`));
  return attention(
    text(`version ${version}`, `版本 ${version}`),
    text('The gateway is tested with NocoBase 2. Plan an update.', '网关在 NocoBase 2 上测试，请计划升级。'),
  );
}

function anotherProgram(url: string, status: number): Finding {
  return failed(
    text(
      `something answers at ${url}, but not as NocoBase does (HTTP ${status})`,
      `${url} 有应答，但不是 NocoBase（HTTP ${status}）`,
    ),
    status >= 300 && status < 400
      ? text(
          'The address redirects: set NOCOBASE_URL to where it leads to.',
          '该地址会重定向：请将 NOCOBASE_URL 设为最终地址。',
        )
      : text(
          'Set NOCOBASE_URL to NocoBase itself, with its path if it has one, without /api.',
          '请将 NOCOBASE_URL 指向 NocoBase 本身，含其路径（若有），不含 /api。',
        ),
  );
}
