import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom, isObservable } from 'rxjs';
import type { Feed } from './carrier.js';
import type { Delivery } from './delivery.js';
import type { Handler } from './inbox/intake.js';
import { transportOf, type SubscriberDeclaration } from './subscriber.js';

/** Connects the handlers of one subscriber to its feed, through Nest's pipes, guards, filters and interceptors. */
export class SubscriberStrategy extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private readonly feed: Feed;
  /** By name: Nest, asked for each record, would try to read the name as JSON, and throw. */
  private readonly handlers = new Map<string, MessageHandler>();

  constructor(
    readonly declaration: SubscriberDeclaration,
    makeFeed: (handler: Handler) => Feed,
    private readonly onFailure: (error: Error) => void,
  ) {
    super();
    this.setTransportId(transportOf(declaration.name));
    this.feed = makeFeed((name, data, delivery) => this.handle(name, data, delivery));
  }

  get ready(): boolean {
    return this.feed.ready;
  }

  get death(): string | undefined {
    return this.feed.death;
  }

  /** Begins to hear; does not wait for the broker, so that the shop can serve meanwhile. */
  listen(callback: () => void): void {
    this.feed.start().catch(this.onFailure);
    callback();
  }

  close(): Promise<void> {
    return this.feed.stop();
  }

  on(): void {
    throw new TypeError('A subscriber has no events of its own to listen to.');
  }

  unwrap<T>(): T {
    return this.feed as T;
  }

  private async handle(name: string, data: unknown, delivery: Delivery): Promise<void> {
    const handler = this.handlers.get(name) ?? this.getHandlerByPattern(name);
    if (!handler) throw new TypeError(`${this.declaration.name} has no handler of ${name}.`);
    this.handlers.set(name, handler);
    const result: unknown = await handler(data, delivery);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
