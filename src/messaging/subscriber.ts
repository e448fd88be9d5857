import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { PATTERN_METADATA, TRANSPORT_METADATA } from '@nestjs/microservices/constants.js';
import type { Delivery } from './delivery.js';
import type { AnyEvent, EventData } from './event.js';
import { Failure } from './failure.js';
import type { Arrival } from './record.js';

/** A subscriber that could not work as declared. */
export class SubscriberMisdeclared extends Failure {
  readonly code = 'subscriber_misdeclared';
  readonly retryable = false;
}

export interface SubscriberOptions {
  /** Where its history starts. `now`: events announced before its first start are passed over, for ever. */
  from: 'beginning' | 'now';
  /** `batch`: its effects are rows only, and a whole fetch may share one transaction. */
  commit?: 'each' | 'batch';
}

/** What `@Subscriber` declares. Renaming one makes it a new subscriber, which consumes everything again. */
export interface SubscriberDeclaration extends Required<SubscriberOptions> {
  name: string;
  events: ReadonlyMap<string, AnyEvent>;
}

/** False for a known event, readable or not, that the subscriber has no handler for. */
export function mayConcern({ events }: SubscriberDeclaration, content: Arrival['content']): boolean {
  const name = 'event' in content ? content.event.name : 'poison' in content ? content.of : undefined;
  return name === undefined || events.has(name);
}

const DECLARATION = Symbol('switchyard:subscriber');
const HEARD = Symbol('switchyard:heard');

/** The transport id that binds a subscriber's handlers to its own strategy and to no other. */
export const transportOf = (subscriber: string): symbol => Symbol.for(`subscriber:${subscriber}`);

/** Marks a class as the handlers of one consumer group. Inert until a strategy of its name is connected. */
export function Subscriber(name: string, options: SubscriberOptions): ClassDecorator {
  return (target) => {
    const events = new Map<string, AnyEvent>();
    for (const method of Object.getOwnPropertyNames(target.prototype)) {
      const handler: unknown = Object.getOwnPropertyDescriptor(target.prototype, method)?.value;
      if (typeof handler !== 'function') continue;
      const heard = Reflect.getMetadata(HEARD, handler) as AnyEvent | undefined;
      if (!heard || !Reflect.hasMetadata(PATTERN_METADATA, handler)) continue;
      if (events.has(heard.name))
        throw new SubscriberMisdeclared(`${name} hears ${heard.name} twice: put both reactions into one handler.`);
      events.set(heard.name, heard);
      Reflect.defineMetadata(TRANSPORT_METADATA, transportOf(name), handler);
    }
    Controller()(target);
    Reflect.defineMetadata(DECLARATION, { name, from: options.from, commit: options.commit ?? 'each', events }, target);
  };
}

type Handler<T> = (data: T, delivery: Delivery) => Promise<unknown>;

/** Marks a handler of one event. A handler with another payload type does not compile. */
export function On<E extends AnyEvent>(heard: E) {
  return <H extends Handler<EventData<E>>>(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    EventPattern(heard.name)(target, method, descriptor as PropertyDescriptor);
    Reflect.defineMetadata(HEARD, heard, descriptor.value as object);
  };
}

/** The declaration of a controller class, if it is a subscriber. */
export function declarationOf(target: object | undefined): SubscriberDeclaration | undefined {
  return target && (Reflect.getMetadata(DECLARATION, target) as SubscriberDeclaration | undefined);
}
