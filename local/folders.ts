import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The folder that holds package.json, from the sources and from the build alike. */
export function projectRoot(): string {
  let folder: string = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    if (folder === path.dirname(folder)) throw new Error(`No package.json above ${import.meta.dirname}.`);
    folder = path.dirname(folder);
  }
  return folder;
}

/** Where everything lives that a start leaves behind: SWITCHYARD_HOME, else .switchyard beside package.json. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env.SWITCHYARD_HOME || path.join(projectRoot(), '.switchyard'));
}

/** What is the same for all checkouts of one user: jars and unpacked binaries. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'switchyard');
  if (env.HOME) return path.join(env.HOME, '.cache', 'switchyard');
  return path.join(os.tmpdir(), `switchyard-${process.getuid?.() ?? 'user'}`);
}

/** Writes a file that is there whole or not at all, whatever dies. */
export function writeWhole(file: string, content: string, mode = 0o644): void {
  const aside = `${file}.${process.pid}`;
  fs.writeFileSync(aside, content, { mode });
  fs.renameSync(aside, file);
}
