import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * The processes that have `mark` as one argument of their command line, zombies left out. A pid in a file proves
 * nothing after a reboot; a command line that names our folder does.
 */
export function processesWith(mark: string): number[] {
  return commandLines()
    .filter(({ pid, holds }) => pid !== process.pid && holds(mark))
    .map(({ pid }) => pid);
}

/**
 * Whether a process still runs; one that is dead and not yet collected by its parent does not. Its first thread may be
 * dead before the others are, which still hold its ports.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^\d+ \(.*\) [ZX]/s.test(stat) || fs.readdirSync(`/proc/${pid}/task`).length > 1;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in the system's own words: with the pid it names one process for ever. */
export function beginOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).trim();
    return fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined; // it ended while we looked
  }
}

/** Sends a signal to a process, or with `group` to its whole process group; one that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals, { group = false } = {}): void {
  try {
    process.kill(group ? -pid : pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves true when the process is gone, false when it still runs after `ms`. */
export async function gone(pid: number, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** Asks a process to stop, and ends it with its group when it has not done so after `graceMs`. */
export async function endProcess(
  pid: number,
  { graceMs = 10_000, ask = 'SIGTERM' }: { graceMs?: number; ask?: NodeJS.Signals } = {},
) {
  signal(pid, 'SIGCONT');
  signal(pid, ask);
  if (await gone(pid, graceMs)) return;
  signal(pid, 'SIGKILL');
  await gone(pid, 5_000);
}

interface CommandLine {
  pid: number;
  holds: (mark: string) => boolean;
}

function commandLines(): CommandLine[] {
  if (process.platform !== 'linux') return commandLinesOfPs();
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const words = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
        return [{ pid: Number(name), holds: (mark: string) => words.includes(mark) }];
      } catch {
        return []; // it ended while we looked
      }
    });
}

function commandLinesOfPs(): CommandLine[] {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,stat=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, state, command] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!command || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), holds: (mark: string) => ` ${command} `.includes(` ${mark} `) }];
  });
}
