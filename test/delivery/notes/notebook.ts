import type { Shop } from '../../../src/create-shop.js';
import {
  Outbox,
  ParkedDeliveries,
  Transactions,
  type AnyEvent,
  type ParkedDelivery,
  type Tx,
} from '../../../src/messaging/index.js';
import { NoteWritten } from './note.events.js';
import { Reader } from './reader.js';
import { slip, type SlippedRow } from './row.js';

interface Reading {
  noteId: string;
  sequence: number;
  text: string;
  eventId: string;
  tx: string;
}

/** Announces notes in one shop, and says what became of them. */
export class Notebook {
  constructor(private readonly shop: Shop) {}

  get reader(): Reader {
    return this.shop.app.get(Reader);
  }

  get parkedDeliveries(): ParkedDeliveries {
    return this.shop.app.get(ParkedDeliveries);
  }

  rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.shop.databases.api.query(sql, values);
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.shop.app.get(Transactions).run(work);
  }

  /** Raises the note's sequence, which locks it, and announces; in the caller's transaction. */
  async announce(tx: Tx, noteId: string, text = '', event: AnyEvent = NoteWritten): Promise<void> {
    const [{ sequence }] = await tx.query<[{ sequence: number }]>(
      `INSERT INTO note (id, sequence) VALUES ($1, 1)
       ON CONFLICT (id) DO UPDATE SET sequence = note.sequence + 1 RETURNING sequence`,
      [noteId],
    );
    await this.shop.app.get(Outbox).add(tx, event, { noteId, sequence, text });
  }

  /** Announces in a transaction of its own. */
  write(noteId: string, text = '', event: AnyEvent = NoteWritten): Promise<void> {
    return this.transaction((tx) => this.announce(tx, noteId, text, event));
  }

  /** Announces `count` notes of one key, one transaction after another. */
  async writeMany(noteId: string, count: number): Promise<void> {
    for (let n = 0; n < count; n++) await this.write(noteId);
  }

  /** Puts a row into the outbox past the contracts; its event id. */
  slip(row: SlippedRow): Promise<string> {
    return slip((sql, values) => this.rows(sql, values), row);
  }

  /** What a subscriber has written down of a note, in the order of the commits. */
  readings(noteId: string, subscriber = 'notes'): Promise<Reading[]> {
    return this.rows<Reading>(
      `SELECT note_id AS "noteId", sequence, text, event_id AS "eventId", tx FROM reading
       WHERE note_id = $1 AND subscriber = $2 ORDER BY id`,
      [noteId, subscriber],
    );
  }

  async sequences(noteId: string, subscriber = 'notes'): Promise<number[]> {
    return (await this.readings(noteId, subscriber)).map(({ sequence }) => sequence);
  }

  async parked(noteId: string, subscriber?: string): Promise<ParkedDelivery[]> {
    const all = await this.parkedDeliveries.list(10_000);
    return all.filter((one) => one.key === noteId && (!subscriber || one.subscriber === subscriber));
  }

  /** The codes of the errors with which deliveries of a note are parked. */
  async codes(noteId: string, subscriber?: string): Promise<string[]> {
    return (await this.parked(noteId, subscriber)).map(({ error }) => error.split(':')[0]!);
  }
}

/** 1, 2, 3 … */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
