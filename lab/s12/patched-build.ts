import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../local/folders.js';
import { Problem } from '../../local/problem.js';

const run = promisify(execFile);
const COPIED = ['src', 'migrations', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
/** What every design needs for a new module, and what one needs besides whose publisher has to name its hearers. */
export const PATCHES = { module: 'loyalty.patch', namedInSync: 'named-in-sync.patch' };

const patchFile = (name: string) => path.join(projectRoot(), 'lab', 's12', name);

/**
 * A copy of the sources with a new subscriber in it, compiled; `dir` is made and must be empty.
 * @returns the file to run. @throws Problem when a patch does not apply any more, or does not compile.
 */
export async function buildPatched(dir: string, signal: AbortSignal): Promise<string> {
  const root = projectRoot();
  fs.mkdirSync(dir, { recursive: true });
  const isTest = /\.(e2e-)?spec\.ts$/;
  for (const name of COPIED)
    fs.cpSync(path.join(root, name), path.join(dir, name), {
      recursive: true,
      dereference: true,
      filter: (file) => !isTest.test(file),
    });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  // Below another repository's folder git would pass over every file without a word.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: fs.realpathSync(path.dirname(dir)) };
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    for (const name of Object.values(PATCHES)) await run('git', ['apply', patchFile(name)], { cwd: dir, env, signal });
    await run(process.execPath, [compiler, '-p', buildConfig(dir)], { cwd: dir, signal });
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(0, 3).join(' ') || (error as Error).message;
    throw new Problem('s12_patch', `The patches of lab/s12 do not fit the sources any more (${said}): mend them.`);
  }
  return path.join(dir, 'dist', 'src', 'main.js');
}

/** Of the build only the shop: the lab is not compiled once more. */
function buildConfig(dir: string): string {
  const file = path.join(dir, 'tsconfig.s12.json');
  fs.writeFileSync(file, JSON.stringify({ extends: './tsconfig.build.json', include: ['src', 'migrations'] }));
  return file;
}

export interface PatchSize {
  /** Lines added to or taken from files that were there before, by file. */
  changed: { file: string; lines: number }[];
  /** Lines of new files. */
  added: number;
}

/** What a patch does, counted from the patch itself. */
export function sizeOf(name: keyof typeof PATCHES): PatchSize {
  const size: PatchSize = { changed: [], added: 0 };
  for (const part of fs
    .readFileSync(patchFile(PATCHES[name]), 'utf8')
    .split(/^diff --git /m)
    .slice(1)) {
    const [, file] = /^a\/(\S+) /.exec(part) ?? [];
    const lines = part.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line)).length;
    if (/^new file mode/m.test(part)) size.added += lines;
    else size.changed.push({ file: file!, lines });
  }
  return size;
}
