import type { Intake } from './inbox/intake.js';
import type { Publisher } from './relay/publisher.js';
import type { SubscriberDeclaration } from './subscriber.js';

export const CARRIER = Symbol('CARRIER');

/** What brings deliveries to one subscriber. */
export interface Feed {
  start(): Promise<void>;
  /** Finishes what runs; nothing new is started. */
  stop(): Promise<void>;
  /** True once deliveries can arrive. */
  readonly ready: boolean;
  /** Why deliveries have ceased for good, as a sentence. */
  readonly death: string | undefined;
}

/** How far a subscriber is behind in a topic. */
export interface Lag {
  subscriber: string;
  topic: string;
  group: string;
  lag: number;
}

/** What stands between the outbox and the subscribers. */
export interface Carrier {
  readonly publisher: Publisher;
  /** Resolves when it can carry; waits for a broker that is away. Rejects when it must not be used as it is. */
  start(): Promise<void>;
  feed(subscriber: SubscriberDeclaration, topics: readonly string[], intake: Intake): Feed;
  lags(subscribers: readonly SubscriberDeclaration[]): Promise<Lag[]>;
  /** Changes whenever a record is added. */
  progress(): Promise<string>;
  trouble(): string | undefined;
  stop(): Promise<void>;
}
