import fs from 'node:fs';

/** Clock ticks of /proc, 100 a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Whether what follows can be read here. */
export const costsKnown = process.platform === 'linux';

/** User and system time of a process in seconds; `family` adds its children, also those that have ended. */
export function cpuSeconds(pid: number, family = false): number {
  if (!costsKnown) return NaN;
  const own = times(pid);
  if (!family) return (own[0]! + own[1]!) / TICKS_PER_SECOND;
  const children = childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), 0);
  return own.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND + children;
}

/** The most memory that a process has had, in MB. */
export function peakMegabytes(pid: number): number {
  if (!costsKnown) return NaN;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** utime, stime, cutime, cstime: behind the name, which may hold blanks. */
function times(pid: number): number[] {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).map(Number);
  } catch {
    return [0, 0, 0, 0];
  }
}

function childrenOf(pid: number): number[] {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}
