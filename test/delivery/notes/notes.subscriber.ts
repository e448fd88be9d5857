import { Ctx, Payload } from '@nestjs/microservices';
import { Delivery, On, Subscriber } from '../../../src/messaging/index.js';
import { NoteCounted, NoteErased, NoteFiled, NoteWritten, type Note } from './note.events.js';
import { Reader } from './reader.js';

@Subscriber('notes', { from: 'beginning' })
export class NotesSubscriber {
  constructor(private readonly reader: Reader) {}

  @On(NoteWritten) onNoteWritten(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes', note, delivery);
  }
}

/** `notes` of the next release, which hears two events more. */
@Subscriber('notes', { from: 'beginning' })
export class NewerNotesSubscriber {
  constructor(private readonly reader: Reader) {}

  @On(NoteWritten) onNoteWritten(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes', note, delivery);
  }

  @On(NoteErased) onNoteErased(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes', note, delivery);
  }

  @On(NoteFiled) onNoteFiled(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes', note, delivery);
  }
}

@Subscriber('notes-batch', { from: 'beginning', commit: 'batch' })
export class BatchSubscriber {
  constructor(private readonly reader: Reader) {}

  @On(NoteCounted) onNoteCounted(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes-batch', note, delivery);
  }
}

@Subscriber('notes-late', { from: 'now' })
export class LateSubscriber {
  constructor(private readonly reader: Reader) {}

  @On(NoteWritten) onNoteWritten(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes-late', note, delivery);
  }
}
