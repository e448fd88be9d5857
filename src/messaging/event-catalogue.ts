import { ZodError } from 'zod';
import type { AnyEvent } from './event.js';
import { Failure } from './failure.js';

/** An event of the catalogue, with its data in the newest version. */
export interface Known {
  event: AnyEvent;
  data: Record<string, unknown>;
}

/** What cannot be read, and will not be readable later; `of` is the known event that it says it is. */
export interface Poison {
  poison: Failure;
  of?: string;
}

/** The data does not keep the event's contract: no repetition will change that. */
export class ContractBroken extends Failure {
  readonly code = 'contract_broken';
  readonly retryable = false;
}

/** A version that this release does not know: a newer publisher, or a record that lies. */
export class UnknownVersion extends Failure {
  readonly code = 'unknown_version';
  readonly retryable = false;
}

/** A name that this release does not know. During a rolling deploy the next release does. */
export class UnknownEvent extends Failure {
  readonly code = 'unknown_event';
  readonly retryable = true;
  constructor(event: string) {
    super(`No event is called ${event} in this release.`);
  }
}

/** The events that this application publishes and reads. */
export class EventCatalogue {
  private readonly byName: ReadonlyMap<string, AnyEvent>;

  constructor(readonly events: readonly AnyEvent[]) {
    this.byName = new Map(events.map((event) => [event.name, event]));
  }

  get(name: string): AnyEvent | undefined {
    return this.byName.get(name);
  }

  get topics(): string[] {
    return [...new Set(this.events.map((event) => event.topic))];
  }

  /** Reads the bytes of an event, upcasting older versions. Never throws. */
  read(
    name: string | undefined,
    version: number | undefined,
    value: Buffer | null,
  ): Known | Poison | { unknown: string } {
    if (!name || version === undefined)
      return { poison: new ContractBroken('The record does not say its ce_type or its version in ce_dataschema.') };
    const event = this.byName.get(name);
    if (!event) return { unknown: name };
    if (version > event.version || (version < event.version && !event.upcast[version]))
      return {
        poison: new UnknownVersion(`${name} has version ${version}; this release reads up to ${event.version}.`),
        of: name,
      };
    try {
      let data = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as Record<string, unknown>;
      for (let v = version; v < event.version; v++) data = event.upcast[v]!(data);
      return { event, data: event.schema.parse(data) as Record<string, unknown> };
    } catch (error) {
      return { poison: new ContractBroken(`${name} cannot be read: ${reasonOf(error)}`.slice(0, 1000)), of: name };
    }
  }
}

/** What a person can act on: the fields that break the contract, each with its reason. */
const reasonOf = (error: unknown): string =>
  error instanceof ZodError
    ? error.issues.map(({ path, message }) => `${path.join('.') || 'the data'}: ${message}`).join('; ')
    : (error as Error).message;
