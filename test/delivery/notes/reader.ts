import { Injectable } from '@nestjs/common';
import { Failure, type Delivery } from '../../../src/messaging/index.js';
import type { Note } from './note.events.js';

export const CREATE_NOTES = `
  CREATE TABLE note (id text PRIMARY KEY, sequence int NOT NULL);
  CREATE TABLE reading (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subscriber text NOT NULL, note_id text NOT NULL,
    sequence int NOT NULL, text text NOT NULL, event_id uuid NOT NULL, tx bigint NOT NULL DEFAULT txid_current())`;

/** May pass: the delivery is tried again. */
export class PageStuck extends Failure {
  readonly code = 'page_stuck';
  readonly retryable = true;
}

/** Will not pass: a person has to look. */
export class PageTorn extends Failure {
  readonly code = 'page_torn';
  readonly retryable = false;
}

/** One run of a handler. */
export interface Run {
  subscriber: string;
  note: Note;
  delivery: Delivery;
}

type Behaviour = (run: Run) => Promise<unknown>;

/** What the handlers of all note subscribers do: write the reading down, unless a test wants something else. */
@Injectable()
export class Reader {
  /** Every run that was begun, in order. */
  readonly runs: Run[] = [];
  private readonly behaviours = new Map<string, Behaviour>();

  /** The handlers do this for a note from now on. */
  behave(noteId: string, behaviour: Behaviour): void {
    this.behaviours.set(noteId, behaviour);
  }

  heal(noteId: string): void {
    this.behaviours.delete(noteId);
  }

  runsOf(noteId: string): Run[] {
    return this.runs.filter(({ note }) => note.noteId === noteId);
  }

  async read(subscriber: string, note: Note, delivery: Delivery): Promise<void> {
    const run = { subscriber, note, delivery };
    this.runs.push(run);
    await (this.behaviours.get(note.noteId) ?? writeDown)(run);
  }
}

/** The effect: one row, with nothing in the table that would hide a second one. */
export const writeDown = ({ subscriber, note, delivery }: Run): Promise<void> =>
  delivery.once((tx) =>
    tx.query(`INSERT INTO reading (subscriber, note_id, sequence, text, event_id) VALUES ($1, $2, $3, $4, $5)`, [
      subscriber,
      note.noteId,
      note.sequence,
      note.text,
      delivery.arrival.eventId,
    ]),
  );
