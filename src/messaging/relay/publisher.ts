import type { OutboxRow } from '../outbox/outbox-row.js';

export const PUBLISHER = Symbol('PUBLISHER');

/** Where the relay's rows go. */
export interface Publisher {
  /**
   * A leadership begins: rows of an earlier one are forgotten, they stand in the outbox still. `onFailed` ends it: rows
   * that were accepted cannot be carried any more, and are to be read again.
   */
  open(onAcknowledged: (seqs: string[]) => void, onFailed: (error: Error) => void): Promise<void>;
  /**
   * Takes rows over, in the outbox's order. Each is acknowledged once it is safe at the other end, and no row is sent
   * before an earlier one of its key.
   */
  accept(rows: readonly OutboxRow[]): void;
  /** Topics that fail at present: their rows are to stay in the outbox. */
  held(): string[];
  /** Why nothing moves, as a sentence. */
  trouble(): string | undefined;
  /** Ends the leadership's sends; what was not acknowledged stays in the outbox. */
  close(): Promise<void>;
}
