import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { declarationOf, SubscriberMisdeclared, type SubscriberDeclaration } from './subscriber.js';

/** The subscribers of this application, found by their decorator. */
@Injectable()
export class SubscriberRegistry {
  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
  ) {}

  /** Every subscriber, whether this process runs it or not; in every mode. */
  all(): SubscriberDeclaration[] {
    return this.discovery
      .getControllers()
      .map((wrapper) => (typeof wrapper.metatype === 'function' ? declarationOf(wrapper.metatype) : undefined))
      .filter((found) => found !== undefined);
  }

  /** Those that this process runs. */
  started(): SubscriberDeclaration[] {
    if (!this.options.runsSubscribers) return [];
    const { subscribers } = this.options;
    return this.all().filter(({ name }) => !subscribers || subscribers.includes(name));
  }

  /** @throws SubscriberMisdeclared when an event would be lost or a subscriber would hear nothing. */
  verify(): void {
    const all = this.all();
    const known = new Set(this.options.events.map((event) => event.name));
    const heard = new Set<string>();
    const names = new Set<string>();
    for (const { name, events } of all) {
      if (names.has(name))
        throw new SubscriberMisdeclared(`Two subscribers are called ${name}: give one of them another name.`);
      names.add(name);
      for (const event of events.keys()) {
        if (!known.has(event))
          throw new SubscriberMisdeclared(
            `${name} hears ${event}, which nobody publishes: add it to the list of events.`,
          );
        heard.add(event);
      }
    }
    const lost = [...known].find((event) => !heard.has(event) && !this.options.unheard.includes(event));
    if (lost)
      throw new SubscriberMisdeclared(
        `Nobody hears ${lost}: write a handler @On it, or add it to the list of unheard events.`,
      );
    const back = this.options.retiredSubscribers?.find((name) => names.has(name));
    if (back) throw new SubscriberMisdeclared(`${back} is declared and retired: take it out of retiredSubscribers.`);
    const unknown = this.options.subscribers?.find((name) => !names.has(name));
    if (unknown)
      throw new SubscriberMisdeclared(
        `SUBSCRIBERS names ${unknown}: the subscribers are ${[...names].sort().join(', ')}.`,
      );
  }
}
