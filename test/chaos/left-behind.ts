import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { projectRoot } from '../../local/folders.js';
import { signal } from '../../local/processes.js';

/** Everything that runs on a stage: processes that name its folder in their command line, and their children. */
export function runningOn(dir: string): number[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid ? { pid: Number(pid), parent: Number(parent), command: command! } : [];
    })
    .filter(({ pid, command }) => pid !== process.pid && !command.includes('watch-dog'));
  const named = new Set(all.filter(({ command }) => command.includes(dir)).map(({ pid }) => pid));
  return all.filter(({ pid, parent }) => named.has(pid) || named.has(parent)).map(({ pid }) => pid);
}

/** Ends everything on a stage at once, also what is stopped, and removes its data. */
export function endAllOn(dir: string): void {
  for (const pid of runningOn(dir)) signal(pid, 'SIGKILL');
  fs.rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** A process that ends all when this one is killed; call what it returns when there is nothing left to end. */
export function watch(dir: string): () => void {
  const main = path.join(projectRoot(), 'dist', 'test', 'chaos', 'watch-dog.js');
  const dog = spawn(process.execPath, [main, dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // It waits for the end of this process and must not be what delays it.
  dog.unref();
  (dog.stdin as Socket).unref();
  return () => dog.stdin.end('all is over');
}
