import type { CommMode } from '../config.js';

/** What `GET /` says, as a page or as JSON. */
export interface Landing {
  mode: CommMode;
  means: string;
  routes: Record<string, string>;
  services?: Record<string, string>;
  switch: string[];
}

export const MODES: Readonly<Record<CommMode, string>> = {
  sync: 'modules call each other, inside one transaction',
  async: 'modules announce events: outbox, relay, Kafka, inbox',
  'async-local': 'modules announce events: outbox and relay in one process, no broker',
  'sync-after-commit': 'modules call each other after the commit, each in a transaction of its own',
  'async-dual-write': 'modules send to Kafka after the commit, without an outbox: loses events, on purpose',
};

const STYLE = `
  :root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6670; --line: #dfe3e7; --paper: #fff; --mark: #0a6c74; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e7eaed; --soft: #98a3ad; --line: #333b43; --paper: #15191d; --mark: #5cc9d0; }
  }
  body { margin: 0 auto; max-width: 44rem; padding: 3rem 1.25rem; background: var(--paper); color: var(--ink);
    font: 16px/1.55 system-ui, sans-serif; }
  h1 { margin: 0; font-size: 1.1rem; font-weight: 600; color: var(--soft); }
  .mode { margin: .25rem 0 0; font: 700 clamp(2rem, 8vw, 3.2rem)/1.1 ui-monospace, monospace; color: var(--mark); }
  .means { margin: .5rem 0 0; font-size: 1.1rem; }
  h2 { margin: 2.25rem 0 .5rem; font-size: .95rem; font-weight: 600; color: var(--soft); }
  dl { display: grid; grid-template-columns: 9rem 1fr; margin: 0; border-top: 1px solid var(--line); }
  dt, dd { margin: 0; padding: .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  dt { color: var(--soft); }
  a { color: var(--mark); }
  pre { margin: 0; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
  code, pre { font: .92rem/1.6 ui-monospace, monospace; }`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);

const rows = (entries: Record<string, string>, cell: (value: string) => string): string =>
  `<dl>${Object.entries(entries)
    .map(([name, value]) => `<dt>${escape(name)}</dt><dd>${cell(escape(value))}</dd>`)
    .join('')}</dl>`;

const link = (path: string): string => `<a href="${path}">${path}</a>`;
const code = (text: string): string => `<code>${text}</code>`;

/** A page that needs nothing but itself. */
export function landingPage({ mode, means, routes, services, switch: switches }: Landing): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchyard: ${mode}</title>
<style>${STYLE}</style>
<main>
<h1>Switchyard runs in</h1>
<p class="mode">${mode}</p>
<p class="means">${escape(means)}</p>
<h2>Routes</h2>
${rows(routes, link)}
${services ? `<h2>Services</h2>\n${rows(services, code)}` : ''}
<h2>Switch: stop it and start it again with</h2>
<pre>${switches.map(escape).join('\n')}</pre>
</main>
</html>
`;
}
