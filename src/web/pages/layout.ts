import { scriptPath as pathOfScript } from '../assets.js';
import { Html, html } from './html.js';
import { type Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** Renders the page once the response's CSP nonce is known. */
export type Page = (context: PageContext) => string;

export interface PageContext {
  readonly nonce: string;
  /** The gateway's address as browsers see it. */
  readonly publicUrl: string;
}

const STYLE = new Html(`
:root { color-scheme: light dark; --ink: #1f2329; --soft: #5f6670; --line: #e4e7ec; --card: #fff; --ground: #f2f5fa;
  --brand: #1668dc; --brand-ink: #fff; --mark: #1677ff; --alert: #d46b08; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f6; --soft: #a3abb8; --line: #333a45; --card: #1b2027;
  --ground: #11151a; --brand: #1668dc; --mark: #4c96ff; --alert: #f0a04b; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 24px 16px;
  background: var(--ground); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
main { width: 100%; max-width: 420px; padding: 40px 32px 28px; border-radius: 16px; background: var(--card);
  border: 1px solid var(--line); box-shadow: 0 12px 40px rgb(16 42 92 / 8%); text-align: center; }
.mark { width: 56px; height: 56px; margin: 0 auto 20px; display: block; color: var(--mark); }
.mark.warning { color: var(--alert); }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.35; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 24px; color: var(--soft); overflow-wrap: anywhere; }
.notice { padding: 12px 16px; border: 1px solid var(--alert); border-radius: 10px; color: var(--ink); text-align: start; }
.actions { display: grid; gap: 12px; margin: 0; padding: 0; list-style: none; }
a.button { display: block; padding: 12px 20px; border-radius: 10px; font-weight: 600; text-decoration: none;
  border: 1px solid var(--line); color: var(--ink); }
a.button img { width: 20px; height: 20px; margin-inline-end: 10px; vertical-align: -4px; object-fit: contain; }
a.primary { background: var(--brand); border-color: var(--brand); color: var(--brand-ink); }
a.button:hover { filter: brightness(1.06); }
a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
dl { margin: 28px 0 0; padding: 16px 0 0; border-top: 1px solid var(--line); display: grid; gap: 4px 12px;
  grid-template-columns: auto 1fr; text-align: start; font-size: 13px; color: var(--soft); }
details { margin: 28px 0 0; font-size: 13px; color: var(--soft); text-align: start; }
summary { cursor: pointer; text-align: center; }
details p { margin: 16px 0 0; }
details dl { margin: 12px 0 0; }
details a { color: inherit; }
summary:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, SFMono-Regular, Menlo, monospace; }
.busy { animation: breathe 1.2s ease-in-out infinite alternate; }
@keyframes breathe { from { opacity: 1; } to { opacity: .45; } }
@media (prefers-reduced-motion: reduce) { .busy { animation: none; } }
@media (max-width: 480px) { main { padding: 32px 20px 24px; } }
`);

const ICONS = {
  door: html`<path d="M26 12h14a4 4 0 0 1 4 4v24a4 4 0 0 1-4 4H26M12 28h20m-7-8 8 8-8 8" />`,
  warning: html`<path d="M28 10 48 44H8zM28 24v10m0 5v.5" />`,
  done: html`<path d="m14 29 9 9 19-21" />`,
};

/** One card in the middle, on a phone as on a desktop. Loads nothing. */
export function layout(
  locale: Locale,
  content: {
    title: string;
    icon: keyof typeof ICONS;
    busy?: boolean;
    body: Html;
    script?: string;
    scriptPath?: string;
    /** Also shows the title in the bar of DingTalk's client: `client/page-title.ts`. */
    inDingTalk?: boolean | undefined;
  },
): Page {
  const { lang } = MESSAGES[locale];
  const { title, icon, busy = false, body, script, scriptPath, inDingTalk = false } = content;
  const scriptPaths = [
    ...(scriptPath === undefined ? [] : [scriptPath]),
    ...(inDingTalk ? [pathOfScript('page-title')] : []),
  ];
  return ({ nonce, publicUrl }) =>
    html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<svg class="mark ${icon}${busy ? ' busy' : ''}" viewBox="0 0 56 56" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${ICONS[icon]}</svg>
<h1>${title}</h1>
${body}
</main>
${scriptPaths.map((path) => html`<script nonce="${nonce}" src="${publicUrl}${path}"></script>`)}
${script === undefined ? undefined : html`<script nonce="${nonce}">${new Html(script)}</script>`}
</body>
</html>
`.text;
}
