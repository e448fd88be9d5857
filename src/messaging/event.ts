import { z } from 'zod';

type Data = Record<string, unknown>;

/** A contract between a publisher and readers it does not know. Changing one is a change of a public interface. */
export interface EventContract<T extends Data = Data> {
  /** Past tense, `order.placed`: the CloudEvents `type`. */
  readonly name: string;
  /** Raised by an incompatible change; older versions are read through `upcast`. */
  readonly version: number;
  /** The publishing module. */
  readonly topic: string;
  /** The aggregate's id: events of one key keep their order. */
  readonly key: (data: T) => string;
  /** 1, 2, 3 … for each (topic, key), drawn while the aggregate's row is locked. */
  readonly sequence: (data: T) => number;
  readonly schema: z.ZodType<T>;
  /** `upcast[n]` turns the data of version n into that of version n + 1. */
  readonly upcast: Readonly<Record<number, (data: Data) => Data>>;
  /** The schemas of the versions that came before, for the record that is committed. */
  readonly formerly: Readonly<Record<number, z.ZodType>>;
}

type EventDefinition<T extends Data> = Pick<EventContract<T>, 'name' | 'version' | 'topic' | 'key' | 'sequence'> & {
  schema: z.ZodType<T>;
  upcast?: EventContract<T>['upcast'];
  formerly?: EventContract<T>['formerly'];
};

/** Declares an event. */
export function event<T extends Data>(definition: EventDefinition<T>): EventContract<T> {
  return { upcast: {}, formerly: {}, ...definition };
}

/** The data of an event: `EventData<typeof OrderPlaced>`. */
export type EventData<E> = E extends EventContract<infer T> ? T : never;

/** Any event, whatever its data. */
// Contracts are contravariant in their data; a list of them cannot name one type.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyEvent = EventContract<any>;
