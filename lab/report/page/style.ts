import { PRINT } from './style-print.js';

const LIGHT = `
--paper: #fdfdfb; --ink: #1a1c1e; --dim: #5b6166; --line: #d6d7d2; --faint: #f2f2ed; --fault: #6b5a8e;
--sync: #a63c12; --hardened: #b0710a; --local: #1d7f72; --async: #1a58a8; --control: #73777b; --alarm: #b3002d;`;

const DARK = `
--paper: #121416; --ink: #e9e7e2; --dim: #a2a6a8; --line: #34383b; --faint: #1b1e21; --fault: #b4a3dd;
--sync: #f2936a; --hardened: #e5b04f; --local: #5cc7b4; --async: #85b6f4; --control: #9ea3a7; --alarm: #ff6b86;`;

const TEXT = `
* { box-sizing: border-box; }
html { font: 16px/1.5 "Helvetica Neue", Inter, "Segoe UI", Roboto, system-ui, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font-variant-numeric: tabular-nums; }
main { max-width: 70rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: clamp(1.6rem, 4vw, 2.35rem); line-height: 1.14; letter-spacing: -.021em; font-weight: 650; margin: .2rem 0 .8rem; max-width: 24ch; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -.012em; font-weight: 650; margin: 0 0 .4rem; }
h3 { font-size: 1rem; line-height: 1.35; font-weight: 650; margin: 1.6rem 0 .4rem; }
h3 small { font-weight: 400; color: var(--dim); margin-left: .4rem; overflow-wrap: anywhere; }
p { margin: 0 0 .6rem; }
small { font-size: .8125rem; }
code { font: .875em/1.4 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--dim); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a.raw { text-decoration-style: dotted; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--async); outline-offset: 2px; }
:target { background: var(--faint); }
.lead, .about, .n, .legend, .not-run, .crossing { color: var(--dim); }
.lead { max-width: 46rem; margin-bottom: 1.2rem; }
.kicker { font-size: .8125rem; letter-spacing: .04em; color: var(--dim); margin: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
section { border-top: 1px solid var(--line); margin-top: 3.2rem; padding-top: 1.6rem; }
summary { cursor: pointer; padding: .35rem 0; }
ul, ol { padding-left: 1.2rem; margin: 0 0 1rem; }
li { margin-bottom: .35rem; }
.arm { white-space: nowrap; }
.arm i, .verdict i, .state i { font-style: normal; }
.arm i { display: inline-block; width: 1.1em; font-size: .8em; text-align: center; }
.arm-sync i { color: var(--sync); } .arm-sync-hardened i { color: var(--hardened); }
.arm-async-local i { color: var(--local); } .arm-async i { color: var(--async); }
.arm-sync-after-commit i, .arm-async-dual-write i { color: var(--control); }`;

const HEADER = `
header { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 2rem 3.5rem; align-items: start; }
.command code { display: inline-block; border: 1px solid var(--line); border-radius: 4px; background: var(--faint); padding: .3rem .6rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 1.8rem; margin: 1rem 0 .4rem; font-size: .875rem; }
.facts dt, .health dt { color: var(--dim); font-size: .8125rem; }
.facts dd, .health dd { margin: 0; }
.also { font-size: .875rem; }
.health { border-left: 2px solid var(--ink); padding-left: 1.2rem; font-size: .875rem; }
.health .state { font-weight: 650; font-size: 1rem; }
.health-unsound { border-color: var(--alarm); } .health-unsound .state { color: var(--alarm); }
.health dl { margin: .6rem 0 0; }
.health dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .2rem 0; border-top: 1px solid var(--line); }
.health dd { text-align: right; white-space: nowrap; }`;

const CARDS = `
.cards { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 2.2rem 2.4rem; margin-top: 1.6rem; }
.card { border-top: 2px solid var(--ink); padding-top: .7rem; }
.card h3 { margin: 0; }
.card .about { font-size: .8125rem; margin: 0 0 .5rem; }
.verdict { font-size: 1.22rem; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .5rem; }
.verdict i { font-size: .78em; }
.verdict small { display: block; font-size: .75rem; line-height: 1.2; font-weight: 400; letter-spacing: 0; color: var(--dim); }
.verdict:has(small) { font-size: 1.08rem; margin-bottom: .35rem; }
.side-sync.verdict i { color: var(--hardened); } .side-async.verdict i { color: var(--async); }
.side-even.verdict { color: var(--dim); }
.card table { font-size: .875rem; width: 100%; }
.card td { text-align: right; }
.card thead th { font-weight: 400; text-align: right; color: var(--dim); font-size: .8125rem; }
.card tbody th { font-weight: 400; text-align: left; }
.card .n { font-size: .75rem; line-height: 1.4; margin: .4rem 0 0; }
.interval { display: block; width: 100%; height: auto; margin-top: .5rem; }
.interval .noise { fill: var(--line); } .interval .one { stroke: var(--dim); stroke-width: 1; stroke-dasharray: 2 2; }
.interval .whisker { stroke: var(--ink); stroke-width: 2; } .interval .dot { fill: var(--ink); }
.kafka { margin: 2.2rem 0 0; padding-left: 1.2rem; border-left: 2px solid var(--ink); font-size: 1.05rem; max-width: 52rem; }
.kafka strong { font-weight: 550; }
.sides, .columns { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem 3rem; }
.sides h3 { margin-top: 0; border-top: 2px solid var(--ink); padding-top: .6rem; }
.decisions li { margin-bottom: .7rem; max-width: 52rem; padding-left: .3rem; }`;

const TABLES = `
table { border-collapse: collapse; }
th, td { padding: .28rem .6rem .28rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th, thead td { border-bottom-color: var(--dim); font-weight: 550; }
.matrix tbody th, .matrix thead th:first-child, .prices tbody th { position: sticky; left: 0; background: var(--paper); }
caption { text-align: left; color: var(--dim); font-size: .875rem; padding-bottom: .4rem; }
.scroll { position: relative; overflow-x: auto; max-width: 100%; }
.matrix, .prices, .predictions table { font-size: .875rem; width: 100%; }
.matrix th, .prices th { font-weight: 400; }
.matrix th b { font-weight: 650; display: inline-block; min-width: 2.2rem; }
.matrix td { font-size: .8125rem; } .matrix td, .matrix thead th { padding-right: .8rem; min-width: 7.2rem; }
.matrix small, .predictions small { display: block; color: var(--dim); max-width: 16rem; }
.cell a { text-decoration-color: transparent; } .cell a:hover { text-decoration-color: currentColor; }
.cell i { font-style: normal; } .cell.quiet, .cell.none { color: var(--dim); }
.cell.as-predicted:not(.quiet) a { font-weight: 550; }
.oddities { margin: 1rem 0; columns: 2; column-gap: 2.6rem; font-size: .875rem; } .oddities div { break-inside: avoid; margin-bottom: .7rem; } .oddities dd { margin: 0; overflow-wrap: anywhere; } .predicted, .source { color: var(--dim); }
.source { font-size: .8125rem; white-space: nowrap; }
.cell.unknown { background: repeating-linear-gradient(135deg, var(--faint) 0 4px, transparent 4px 8px); }
td.surprise, .loud { background: var(--alarm); color: var(--paper); padding-left: .4rem; }
.loud { padding: 0 .3rem; font-weight: 650; } td.surprise small { color: inherit; }
.prices td { text-align: right; } .prices thead th { text-align: right; }
#raw table, .witness table { font-size: .75rem; } #raw table { white-space: nowrap; } .witness td { overflow-wrap: anywhere; } .witness td:first-child { white-space: nowrap; } #raw td, #raw th { padding-right: .9rem; font-weight: 400; }
#raw .checks { white-space: normal; min-width: 18rem; } #raw .invalid { color: var(--dim); text-decoration: line-through; }
.witnesses { font-size: .875rem; } .witness { margin-left: 1.1rem; } .witness summary { padding: .1rem 0; }
.witness p { font-size: .8125rem; margin: .4rem 0 1rem; }
.arms div { margin-bottom: .4rem; } .arms dd { margin: 0; color: var(--dim); font-size: .875rem; }`;

const CHARTS = `
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: .875rem; margin-bottom: .2rem; }
figcaption b { font-weight: 650; }
.pairs { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.8rem 2.6rem; }
.crossing { font-size: .8125rem; }
.legend { font-size: .875rem; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; }
.key .dashed { display: inline-block; width: 1.8rem; border-top: 1.5px dashed var(--dim); vertical-align: middle; }
.strip { display: grid; grid-template-columns: repeat(4, minmax(14.5rem, 1fr)); gap: 1rem 1.2rem; padding-bottom: .4rem; }
.frame figcaption { display: flex; justify-content: space-between; gap: .5rem; white-space: nowrap; }
.waterfall ol { list-style: none; padding: 0; margin: .4rem 0 0; font-size: .8125rem; }
.waterfall li { display: grid; grid-template-columns: 9.5rem 1fr 3.6rem; gap: .6rem; align-items: center; margin: 0; padding: .14rem 0; border-bottom: 1px solid var(--line); }
.waterfall .when { text-align: right; color: var(--dim); }
.waterfall .bar { position: relative; height: .8rem; background: var(--faint); }
.waterfall .bar span { position: absolute; top: 0; bottom: 0; background: var(--control); border-left: 1px solid var(--ink); }
.waterfall.arm-sync .bar span { background: var(--sync); } .waterfall.arm-sync-hardened .bar span { background: var(--hardened); }
.waterfall.arm-async-local .bar span { background: var(--local); } .waterfall.arm-async .bar span { background: var(--async); }`;

const NARROW = `
@media (max-width: 60rem) {
  header { grid-template-columns: 1fr; }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (max-width: 42rem) {
  main { padding: 1.6rem 1rem 3rem; }
  .cards, .pairs, .sides, .columns { grid-template-columns: minmax(0, 1fr); }
  .oddities { columns: 1; }
  .strip { grid-auto-flow: column; grid-template-columns: none; grid-auto-columns: 16.5rem; }
  .waterfall li { grid-template-columns: 8rem 1fr 3.2rem; }
  section { margin-top: 2.2rem; }
}`;

/** The whole style sheet: one palette for each theme, shapes and dashes for those who see no colour. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
${TEXT}${HEADER}${CARDS}${TABLES}${CHARTS}${NARROW}${PRINT}`;
