import fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** One thing that happened in the outside world, as it stands in the ledger. */
export interface Entry {
  kind: 'charge' | 'refund' | 'booking' | 'unbooking' | 'mail';
  /** ISO 8601. */
  at: string;
  /** A mail has its Message-ID here. */
  idempotencyKey: string;
  /** True when nothing new happened: the first answer was given again, or the same mail came once more. */
  repeat?: true;
  orderId?: string;
  [detail: string]: unknown;
}

/**
 * The outside world's memory: one JSON line for each thing that happened. An entry is on the disk before anybody is
 * told about it, so that a kill forgets nothing that was answered.
 */
export class Ledger {
  private waiting: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  private writing: Promise<void> | undefined;

  private constructor(
    readonly file: string,
    /** What was in the file when it was opened. */
    readonly past: Entry[],
    private readonly handle: FileHandle,
  ) {}

  /** Reads the file back. A last line that a kill cut off was never answered for: it is dropped. */
  static async open(dir: string): Promise<Ledger> {
    fs.mkdirSync(dir, { recursive: true });
    const file = path.join(dir, 'ledger.jsonl');
    const handle = await open(file, 'a+');
    const text = await handle.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    await handle.truncate(Buffer.byteLength(whole));
    return new Ledger(
      file,
      whole
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Entry),
      handle,
    );
  }

  /** Resolves when the entry is on the disk; entries that wait together share one write. */
  append(entry: Entry): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
    });
    this.writing ??= this.write();
    return written;
  }

  async close(): Promise<void> {
    await this.writing;
    await this.handle.close();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.handle.appendFile(batch.map(({ line }) => line).join(''));
        await this.handle.datasync();
        batch.forEach(({ resolve }) => resolve());
      } catch (error) {
        batch.forEach(({ reject }) => reject(error));
      }
    }
    this.writing = undefined;
  }
}
