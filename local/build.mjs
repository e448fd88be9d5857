import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** An image holds no benchmarks, no lab and no chaos. */
const SOURCES = ['src', 'migrations', 'local', 'lab', 'bench', 'test/chaos'];
const SETTINGS = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * Compiles when the sources are not those of the last build. The build is made aside and put in place whole: two at
 * once, or a killed one, never leave half a dist behind.
 */
export function buildIfStale(root) {
  const print = fingerprint(root);
  const stamp = path.join(root, 'dist', '.sources');
  if (read(stamp) === print) return;
  process.stderr.write('Building (the sources have changed) …\n');
  const cache = path.join(root, 'node_modules', '.switchyard-build');
  sweep(cache);
  const aside = path.join(cache, String(process.pid));
  fs.mkdirSync(aside, { recursive: true });
  const fresh = path.join(aside, 'dist');
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', fresh, '--sourceRoot', root];
  const compiled = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  if (compiled.status !== 0) {
    fs.rmSync(aside, { recursive: true, force: true });
    process.stderr.write('The build failed: mend what the compiler says above, then start again.\n');
    process.exit(1);
  }
  fs.writeFileSync(path.join(fresh, '.sources'), print);
  putInPlace(fresh, path.join(root, 'dist'), path.join(aside, 'old'));
  fs.rmSync(aside, { recursive: true, force: true });
}

/** Names, sizes and times of all sources: also a file that was removed or is older than before makes a difference. */
function fingerprint(root) {
  const files = SOURCES.filter((folder) => fs.existsSync(path.join(root, folder))).flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(e2e-)?spec\.ts$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const lines = [...files, ...SETTINGS.map((name) => path.join(root, name))].sort().map((file) => {
    const { size, mtimeMs } = fs.statSync(file);
    return `${path.relative(root, file)} ${size} ${mtimeMs}`;
  });
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Another build may do the same at this moment: then the last one stays. */
function putInPlace(fresh, dist, old) {
  for (let tries = 0; ; tries += 1) {
    if (fs.existsSync(dist)) fs.rmSync(old, { recursive: true, force: true });
    try {
      if (fs.existsSync(dist)) fs.renameSync(dist, old);
      return fs.renameSync(fresh, dist);
    } catch (error) {
      if (tries === 100 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
  }
}

/** Removes what killed builds have left. */
function sweep(cache) {
  for (const name of fs.existsSync(cache) ? fs.readdirSync(cache) : []) {
    try {
      process.kill(Number(name), 0);
    } catch {
      fs.rmSync(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
