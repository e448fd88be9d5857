import { z } from 'zod';
import { event } from '../../../src/messaging/index.js';

const Note = z.object({ noteId: z.string().min(1), sequence: z.int().min(1), text: z.string() });
export type Note = z.infer<typeof Note>;

const noteEvent = (name: string, topic = 'notes') =>
  event({ name, version: 1, topic, key: (note) => note.noteId, sequence: (note) => note.sequence, schema: Note });

/** Read by `notes`. */
export const NoteWritten = noteEvent('note.written');
/** Read by `notes-batch`, a whole fetch at a time. */
export const NoteCounted = noteEvent('note.counted');
/** Read by `notes-checked`, behind a pipe, a guard, an interceptor and a filter. */
export const NoteChecked = noteEvent('note.checked');
/** Only the newer of two releases knows these. */
export const NoteErased = noteEvent('note.erased');
export const NoteFiled = noteEvent('note.filed', 'files');
