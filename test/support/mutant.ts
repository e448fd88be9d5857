import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { transformSync, type Options } from '@swc/core';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SWC: Options = {
  swcrc: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};

/** Builds the shop without the guard that a patch takes away, into an empty folder; the path of its main.js. */
export function buildMutant(name: string, folder: string): string {
  const patch = path.join(ROOT, 'test', name);
  for (const part of ['src', 'dist', 'package.json'])
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  // Below another repository's folder git would pass over every file without a word.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(fs.realpathSync(folder)) };
  const { status, stderr } = spawnSync('git', ['apply', patch], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} does not apply: ${stderr}`);
  for (const [, file] of fs.readFileSync(patch, 'utf8').matchAll(/^\+\+\+ b\/(src\/.*)\.ts$/gm)) {
    const { code } = transformSync(fs.readFileSync(path.join(folder, `${file}.ts`), 'utf8'), SWC);
    fs.writeFileSync(path.join(folder, 'dist', `${file}.js`), code);
  }
  return path.join(folder, 'dist', 'src', 'main.js');
}
