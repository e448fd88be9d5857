import {
  Catch,
  Injectable,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { tap, type Observable } from 'rxjs';
import { Delivery, On, Subscriber } from '../../../src/messaging/index.js';
import { NoteChecked, type Note } from './note.events.js';
import { PageTorn, Reader } from './reader.js';

const noteOf = (context: ExecutionContext) => context.switchToRpc().getData<Note>();

@Injectable()
class NoSecrets implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (noteOf(context).text === 'secret') throw new PageTorn('The guard lets no secret through.');
    return true;
  }
}

@Injectable()
class Capitals implements PipeTransform<unknown, unknown> {
  transform(value: unknown): unknown {
    return value instanceof Delivery ? value : { ...(value as Note), text: (value as Note).text.toUpperCase() };
  }
}

/** The notes that an interceptor saw come out of their handler. */
export const finishedNotes: string[] = [];

@Injectable()
class Finished implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { noteId } = noteOf(context);
    return next.handle().pipe(tap({ complete: () => finishedNotes.push(noteId) }));
  }
}

@Catch(RangeError)
class RangeFilter {
  catch(error: RangeError, _host: ArgumentsHost): never {
    throw new PageTorn(`The filter has seen it: ${error.message}`);
  }
}

@Subscriber('notes-checked', { from: 'beginning' })
export class CheckedSubscriber {
  constructor(private readonly reader: Reader) {}

  @UseGuards(NoSecrets)
  @UsePipes(Capitals)
  @UseInterceptors(Finished)
  @UseFilters(RangeFilter)
  @On(NoteChecked)
  onNoteChecked(@Payload() note: Note, @Ctx() delivery: Delivery) {
    return this.reader.read('notes-checked', note, delivery);
  }
}
