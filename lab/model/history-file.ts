import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../local/problem.js';
import { HistoryLine } from './history.js';

export const HISTORY_FILE = 'history.jsonl';

/**
 * Appends to the history of a run. Each line has been handed to the operating system when `append` returns, so that a
 * kill -9 of the lab loses none; only a loss of power could. Opening a history that a kill cut off in the middle of a
 * line drops that half line. Throws `Problem` `history_not_writable` (a full disk, no permission).
 */
export class HistoryWriter {
  readonly file: string;
  private readonly fd: number;

  constructor(folder: string) {
    this.file = path.join(folder, HISTORY_FILE);
    this.fd = this.guarded(() => {
      fs.mkdirSync(folder, { recursive: true });
      const fd = fs.openSync(this.file, 'a+');
      fs.ftruncateSync(fd, lengthOfWholeLines(this.file));
      return fd;
    });
  }

  append(line: HistoryLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.guarded(() => {
      for (let written = 0; written < bytes.length;) written += fs.writeSync(this.fd, bytes, written);
    });
  }

  close(): void {
    fs.closeSync(this.fd);
  }

  private guarded<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Problem(
        'history_not_writable',
        `The history ${this.file} cannot be written (${reason}): free some space or give another folder.`,
        { cause: error },
      );
    }
  }
}

/**
 * All lines of a run's history, in the order in which they were written. A last line without its end (kill -9) is left
 * out. Throws `Problem` `history_missing` or `history_broken`, which names the line.
 */
export function readHistory(folder: string): HistoryLine[] {
  const file = path.join(folder, HISTORY_FILE);
  if (!fs.existsSync(file))
    throw new Problem('history_missing', `${folder} has no ${HISTORY_FILE}: give the folder of a run.`);
  const text = fs.readFileSync(file, 'utf8');
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line, index) => parseLine(file, index + 1, line));
}

function parseLine(file: string, number: number, line: string): HistoryLine {
  const parsed = HistoryLine.safeParse(jsonOf(line));
  if (parsed.success) return parsed.data;
  throw new Problem(
    'history_broken',
    `Line ${number} of ${file} is no line of a history: delete the run's folder and run it again.`,
  );
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lengthOfWholeLines(file: string): number {
  return fs.readFileSync(file).lastIndexOf('\n') + 1;
}
