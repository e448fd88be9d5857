import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const FOLDERS = ['src', 'local', 'lab', 'migrations', 'bench', 'test'];

/** The modules below `root` with their imports, and each import that breaks a rule of .dependency-cruiser.cjs. */
export async function architecture(root) {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(folders, {
    ...options,
    baseDir: resolve(root),
    validate: true,
    ruleSet: { forbidden },
  });
  return {
    modules: output.modules,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

const commentOf = (name) => forbidden.find((rule) => rule.name === name).comment;

/** `node checks/architecture.mjs [--json] [root …]`: the project itself when no root is given. */
async function main(args) {
  const json = args.includes('--json');
  const roots = args.filter((arg) => arg !== '--json');
  const found = {};
  for (const root of roots.length > 0 ? roots : ['.']) found[root] = (await architecture(root)).violations;
  const all = Object.values(found).flat();
  if (json) console.log(JSON.stringify(found));
  else for (const { rule, from, to } of all) console.log(`${from} must not import ${to} (${rule}). ${commentOf(rule)}`);
  if (!json && all.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
