import type { RunResult } from '../../model/run-result.js';
import type { Prices } from '../prices.js';
import { consistency } from './consistency.js';
import { curves } from './curves.js';
import { decisions, winners } from './decisions.js';
import { filmStrip } from './film-strip.js';
import { header } from './header.js';
import { html, raw } from './html.js';
import { matrix } from './matrix.js';
import { priceList } from './price-list.js';
import { rawBlocks } from './raw-blocks.js';
import { oneHost, reading } from './reading.js';
import { STYLE } from './style.js';
import { verdictStrip } from './verdict-strip.js';
import { waterfalls } from './waterfalls.js';

/** Nothing may be loaded and nothing may run: the page is what is in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The page of a run, whole: no script, nothing from outside. `jsonFile`: the link to the same as JSON. */
export function pageOf(result: RunResult, prices: Prices, jsonFile: string): string {
  const run = inOrder(result);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="color-scheme" content="light dark" />
        <title>Switchyard · ${run.tier} comparison · ${run.commit}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${header(run, jsonFile)} ${verdictStrip(run)} ${winners(run)} ${decisions(run)} ${matrix(run)}
          ${filmStrip(run)} ${curves(run)} ${consistency(run)} ${priceList(run, prices)} ${waterfalls(run)}
          ${reading(run)} ${oneHost(run)} ${rawBlocks(run)}
        </main>
      </body>
    </html> `.text;
}

/** A run begins with what tells most; a reader looks for S7 between S6 and S8. */
function inOrder(run: RunResult): RunResult {
  const number = (id: string) => (/^S\d+$/.test(id) ? Number(id.slice(1)) : Infinity);
  const scenarios = [...run.scenarios].sort((a, b) => number(a.id) - number(b.id) || a.id.localeCompare(b.id));
  return { ...run, scenarios };
}
