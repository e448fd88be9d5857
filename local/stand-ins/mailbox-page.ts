import type { Mail } from './mailbox.js';

const NEWEST = 200;

/** The mailbox as one page that needs nothing else; it looks for new mails every two seconds. */
export function mailboxPage(mails: Mail[]): string {
  const newest = mails.slice(-NEWEST).reverse();
  const count = `${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}${mails.length > NEWEST ? `, the newest ${NEWEST} are shown` : ''}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox · Switchyard</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Mailbox</h1><p id="count">${count}</p></header>
<main id="mails">${newest.map(item).join('') || '<p class="none">No mail yet: register a user, or place an order.</p>'}</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const item = ({ id, from, to, subject, text, at }: Mail) => `
<details id="mail-${escape(id)}">
<summary><b>${escape(subject) || '(no subject)'}</b><span>${escape(to)}</span><time datetime="${escape(at)}">${escape(at.slice(11, 19))}</time></summary>
<dl><dt>From</dt><dd>${escape(from)}</dd><dt>To</dt><dd>${escape(to)}</dd><dt>At</dt><dd>${escape(at)}</dd></dl>
<pre>${escape(text)}</pre>
</details>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dde3, #343b44); --dim: light-dark(#5b6570, #9aa5b1); --card: light-dark(#fff, #1c2127); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: light-dark(#f5f7f9, #13171b); }
header { display: flex; align-items: baseline; gap: 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
header p, .none, summary span, time, dt { color: var(--dim); }
details { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .5rem; }
summary { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .7rem 1rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid Highlight; border-radius: .5rem; }
summary b { flex: 1 1 14rem; }
summary span { overflow-wrap: anywhere; }
time { font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0; padding: .7rem 1rem; border-top: 1px solid var(--line); font-size: .9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .2rem 1rem 1rem; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }`;

/** New mails are put on top; those that are open stay open. */
const SCRIPT = `
setInterval(async () => {
  try {
    const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
    const list = document.getElementById('mails');
    const fresh = [...page.querySelectorAll('details')].filter((mail) => !document.getElementById(mail.id));
    if (fresh.length > 0) document.querySelector('.none')?.remove();
    list.prepend(...fresh);
    document.getElementById('count').textContent = page.getElementById('count').textContent;
  } catch {}
}, 2000);`;
