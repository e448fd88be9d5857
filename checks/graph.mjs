import { mkdirSync, writeFileSync } from 'node:fs';
import { instance } from '@viz-js/viz';
import { architecture } from './architecture.mjs';

/** `npm run graph`: who imports whom in each design, from the real imports, as docs/graph/<design>.svg. */
const DESIGNS = ['sync', 'async'];

/** The folder that a file stands for in the picture; the files that only put the others together stand for nothing. */
function folderOf(file, design) {
  if (/\.(e2e-)?spec\.ts$/.test(file)) return undefined;
  const [, module] = /^src\/modules\/([^/]+)\//.exec(file) ?? [];
  if (module) return `modules/${module}`;
  if (file.startsWith(`src/designs/${design}/`)) return `designs/${design}`;
  return /^src\/(?!designs\/)([^/]+)\//.exec(file)?.[1];
}

function edgesOf(modules, design) {
  const edges = new Map();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [folderOf(source, design), folderOf(resolved, design)];
      if (!from || !to || from === to) continue;
      const edge = edges.get(`${from} ${to}`) ?? { from, to, imports: 0 };
      edges.set(`${from} ${to}`, { ...edge, imports: edge.imports + 1 });
    }
  }
  return [...edges.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}

const kindOf = (node) => (node.startsWith('designs/') ? 'design' : node.startsWith('modules/') ? 'module' : 'plumbing');
const FILL = { design: '#ffd9a8', module: '#d7e8ff', plumbing: '#f1f1f1' };

function picture(design, edges) {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const coupling = edges.filter(({ from, to }) => kindOf(from) === 'design' && kindOf(to) === 'module');
  const between = edges.filter(({ from, to }) => kindOf(from) === 'module' && kindOf(to) === 'module');
  const modules = nodes.filter((node) => kindOf(node) === 'module');
  const caption = `COMM_MODE=${design}: designs/${design} knows ${coupling.length} of ${modules.length} modules; modules that import another module: ${between.length}`;
  const strong = new Set(coupling.concat(between));
  const dot = [
    `digraph "${design}" {`,
    `  graph [rankdir=LR, bgcolor=white, fontname=Helvetica, fontsize=15, labelloc=t, nodesep=0.25, ranksep=1.3, pad=0.3, label="${caption}\\n "]`,
    '  node [shape=box, style="rounded,filled", color="#8a94a3", fontname=Helvetica, fontsize=13, margin="0.18,0.09"]',
    '  edge [fontname=Helvetica, fontsize=10, color="#c3c9d1", fontcolor="#7a828c", arrowsize=0.7]',
    // The modules stand in one column, in the same order in every picture.
    `  { rank=same; ${modules.map((node) => `"${node}"`).join(' -> ')} [style=invis] }`,
    ...nodes.map((node) => `  "${node}" [label="${node.replace('modules/', '')}", fillcolor="${FILL[kindOf(node)]}"]`),
    ...edges.map((edge) => {
      const look = strong.has(edge) ? `color="#c2410c", penwidth=2, fontcolor="#c2410c", label="${edge.imports}"` : '';
      return `  "${edge.from}" -> "${edge.to}" [${look}]`;
    }),
    '}',
  ].join('\n');
  return { dot, caption };
}

const { modules } = await architecture('.');
const viz = await instance();
mkdirSync('docs/graph', { recursive: true });
for (const design of DESIGNS) {
  const { dot, caption } = picture(design, edgesOf(modules, design));
  writeFileSync(`docs/graph/${design}.svg`, viz.renderString(dot, { format: 'svg' }));
  console.log(`docs/graph/${design}.svg  ${caption}`);
}
