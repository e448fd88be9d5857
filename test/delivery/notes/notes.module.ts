import { Module } from '@nestjs/common';
import type { ShopAdditions } from '../../../src/create-shop.js';
import { CheckedSubscriber } from './checked.subscriber.js';
import { NoteChecked, NoteCounted, NoteErased, NoteFiled, NoteWritten } from './note.events.js';
import { BatchSubscriber, LateSubscriber, NewerNotesSubscriber, NotesSubscriber } from './notes.subscriber.js';
import { Reader } from './reader.js';

@Module({ controllers: [NotesSubscriber, BatchSubscriber, CheckedSubscriber], providers: [Reader] })
class NotesModule {}

@Module({ controllers: [NotesSubscriber, BatchSubscriber, CheckedSubscriber, LateSubscriber], providers: [Reader] })
class NotesAndLateModule {}

@Module({ controllers: [NewerNotesSubscriber, BatchSubscriber, CheckedSubscriber], providers: [Reader] })
class NewerNotesModule {}

const EVENTS = [NoteWritten, NoteCounted, NoteChecked];

/** What a shop adds to read notes. */
export const NOTES: ShopAdditions = { modules: [NotesModule], events: EVENTS };
/** The same with one subscriber more, which hears from its first start on. */
export const NOTES_AND_LATE: ShopAdditions = { modules: [NotesAndLateModule], events: EVENTS };
/** The next release: two events more, one of them on a topic of its own. */
export const NEWER_NOTES: ShopAdditions = { modules: [NewerNotesModule], events: [...EVENTS, NoteErased, NoteFiled] };
