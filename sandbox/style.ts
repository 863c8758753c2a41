/** One stylesheet for all pages: blue like DingTalk's, system fonts, one column that fits a phone. */
export const STYLE = `
:root { --blue: #1677ff; --sky: #3296fa; --ink: #171a1d; --quiet: #747677; --line: #e8eaed; --tint: #f0f6ff; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; color: var(--ink); background: linear-gradient(180deg, #dcebff 0, #f5f8fc 320px);
  font: 15px/1.5 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif; }
.banner { display: flex; flex-wrap: wrap; gap: 0 12px; justify-content: center; padding: 7px 16px; text-align: center;
  font-size: 12px; color: #7a4a00; background: #fff4d6; border-bottom: 1px solid #ffe1a0; }
.card { width: min(440px, calc(100% - 24px)); margin: 28px auto; overflow: hidden; background: #fff; border-radius: 16px;
  box-shadow: 0 10px 36px rgb(22 119 255 / 14%); }
.head { padding: 24px 24px 22px; color: #fff; background: linear-gradient(135deg, var(--sky), var(--blue)); }
.app { display: flex; gap: 14px; align-items: center; }
.app .mark { flex: none; width: 48px; height: 48px; display: grid; place-items: center; border-radius: 12px; color: var(--blue);
  background: #fff; font-size: 24px; font-weight: 700; }
h1 { margin: 0; font-size: 19px; line-height: 1.35; }
.head p { margin: 2px 0 0; font-size: 13px; opacity: .88; }
.body { padding: 18px 16px 16px; }
h2 { margin: 0 8px 6px; font-size: 13px; font-weight: 500; color: var(--quiet); }
ul.grants { margin: 0 8px 18px; padding: 0; list-style: none; }
ul.grants li { padding-left: 22px; position: relative; }
ul.grants li::before { content: "✓"; position: absolute; left: 0; color: var(--blue); font-weight: 700; }
.choice { display: flex; gap: 12px; align-items: center; width: 100%; padding: 9px 8px; border: 0; border-radius: 10px; background: none;
  font: inherit; color: inherit; text-align: left; cursor: pointer; }
.choice:hover, .choice:focus-visible { background: var(--tint); outline: none; box-shadow: inset 0 0 0 1px #bcd8ff; }
.choice .avatar { flex: none; width: 42px; height: 42px; display: grid; place-items: center; border-radius: 11px; color: #fff;
  font-size: 14px; font-weight: 600; }
.choice .who { flex: 1; min-width: 0; }
.choice .name { font-weight: 600; }
.choice .name small { margin-left: 6px; font-weight: 400; font-size: 13px; color: var(--quiet); }
.choice .about { display: block; line-height: 1.4; font-size: 12.5px; color: var(--quiet); }
.choice::after { content: "›"; color: #b8bdc4; font-size: 20px; }
.c0 { background: #3296fa; } .c1 { background: #15bc83; } .c2 { background: #ff943e; } .c3 { background: #7b6cf6; }
.c4 { background: #f25b83; } .c5 { background: #12b7c4; } .c6 { background: #5b7fa6; }
.deny { display: block; width: calc(100% - 16px); margin: 14px 8px 6px; padding: 10px; border: 1px solid var(--line); border-radius: 10px;
  background: #fff; font: inherit; color: var(--quiet); cursor: pointer; }
.deny:hover, .deny:focus-visible { color: var(--ink); border-color: #bfc4ca; outline: none; }
.error { padding: 36px 24px; text-align: center; }
.error .mark { width: 56px; height: 56px; margin: 0 auto 16px; display: grid; place-items: center; border-radius: 50%; color: #fff;
  background: #ff9200; font-size: 30px; font-weight: 700; }
.quiet { margin: 6px 0 18px; color: var(--quiet); }
code { padding: 3px 8px; border-radius: 6px; background: #f2f4f7; font-size: 13px; }
.framed { background: #fff; } .framed .banner { padding: 3px; font-size: 10px; } .framed .banner span, .framed .head, .framed h2, .framed .grants { display: none; }
.framed .card { width: 100%; height: calc(100vh - 23px); margin: 0; overflow: auto; border-radius: 0; box-shadow: none; } .framed .body { padding: 4px; }
@media (max-width: 480px) { .card { margin: 12px auto; } .head { padding: 20px; } }
`;
