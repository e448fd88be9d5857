import fs from 'node:fs';
import { beginOf } from './processes.js';

/**
 * Takes a lock that a dead process cannot keep: the file names its owner and when that process began.
 * @returns the pid of the living owner when it is taken, else a function that gives it back.
 */
export function takeLock(file: string): number | (() => void) {
  const claim = `${file}.${process.pid}`;
  fs.writeFileSync(claim, JSON.stringify({ pid: process.pid, begin: beginOf(process.pid) }));
  try {
    for (;;) {
      try {
        fs.linkSync(claim, file); // atomic, and never half written
        return () => fs.rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = lockOwner(file);
      if (owner !== undefined) return owner;
      setStaleAside(file);
    }
  } finally {
    fs.rmSync(claim, { force: true });
  }
}

/** The living process that holds the lock. */
export function lockOwner(file: string): number | undefined {
  try {
    const { pid, begin } = JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number; begin: string };
    return beginOf(pid) === begin ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Another process may have replaced the stale file at this moment: what was moved is looked at once more. */
function setStaleAside(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (lockOwner(aside) !== undefined) fs.linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  fs.rmSync(aside, { force: true });
}
