/** On paper: two pages of A4, the raw blocks left out; what is folded stays folded. */
export const PRINT = `
@media print {
  @page { size: A4; margin: 7mm 8mm; }
  :root { color-scheme: light; }
  html { font-size: 6pt; line-height: 1.28; }
  body { background: none; }
  main { padding: 0; max-width: none; display: grid; grid-template-columns: 1fr 1fr; column-gap: 2.2rem; align-items: start; }
  main > * { grid-column: 1 / -1; }
  #winners, #consistency, #prices { grid-column: 1; } #decisions, #order, #reading { grid-column: 2; }
  #consistency { order: 1; } #order { order: 2; } #prices { order: 3; } #reading { order: 4; } #host { order: 5; grid-column: 1; } #reading { grid-row: span 2; }
  .oddities { columns: 3; }
  .frame svg { width: 62%; } #curves svg, #consistency svg { width: 92%; }
  #reading ul { margin-bottom: .1rem; } #reading li { margin-bottom: 0; } #reading h3 { margin-top: .3rem; }
  .arms div { margin-bottom: .1rem; } .arms dt, .arms dd { display: inline; }
  .matrix tbody th, .matrix thead th:first-child, .prices tbody th { background: none; }
  #winners .sides, #reading .columns { grid-template-columns: 1fr; }
  #consistency .pairs, #order .pairs { grid-template-columns: 1fr 1fr; }
    .second, .witnesses { display: none; }
  section { margin-top: .9rem; padding-top: .6rem; }
  h1 { font-size: 1.9rem; max-width: none; } h2 { font-size: 1.2rem; }
  h3 { margin: .5rem 0 .2rem; }
  .lead { margin-bottom: .4rem; max-width: none; }
  #raw, details, .also, #prices .not-run { display: none; }
  a { text-decoration: none; }
  .scroll { overflow: visible; }
  header { grid-template-columns: minmax(0, 1fr) 15rem; gap: 1rem 2rem; }
  .cards { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .8rem 1.4rem; margin-top: .5rem; }
  .card, figure, tr, li { break-inside: avoid; }
  .interval { width: 60%; margin-top: .1rem; }
  .kafka { margin-top: .8rem; max-width: none; }
  th, td { padding: .1rem .5rem .1rem 0; }
  .matrix td, .matrix thead th { min-width: 0; padding-right: .5rem; }
  .sides, .columns { grid-template-columns: 1fr 1fr; gap: .4rem 1.6rem; }
  .pairs { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .6rem 1rem; }
  .strip { grid-auto-flow: row; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .4rem .8rem; }
  .decisions li, .kafka { max-width: none; margin-bottom: .2rem; }
  li { margin-bottom: .1rem; } ul, ol { margin-bottom: .3rem; padding-left: 1.4rem; }
  #strip { break-before: page; }
  #winners, #decisions, #consistency, #order, #prices, #reading, #host { margin-top: .45rem; padding-top: .4rem; }
  #host ul { padding: 0; } #host li { display: inline; } #host li::after { content: ' '; }
  #prices th, #prices td { padding-block: .05rem; }
  #prices p, #host p, #host .facts { margin: .2rem 0; } .facts { gap: .2rem 1.4rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;
