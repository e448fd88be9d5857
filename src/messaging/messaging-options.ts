import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AnyEvent } from './event.js';
import type { IntakeFactory } from './inbox/intake.js';
import type { Outbox } from './outbox/outbox.js';

export const MESSAGING_OPTIONS = Symbol('MESSAGING_OPTIONS');

export interface KafkaOptions {
  brokers: string[];
  /** Partitions of each topic; kept in the table `topic`, because another number would move keys. */
  partitions: number;
  replication: number;
  retentionMs: number;
  /** Before the name of every topic and group on the broker, so that several shops can share one. */
  prefix: string;
  maxWaitMs: number;
}

/** How events travel: chosen with the design, when the application is wired. */
export interface Carriage {
  /** `none`: nothing travels, handlers stay inert. `local`: from the outbox to this process. */
  carrier: 'none' | 'local' | 'kafka';
  /** Replaces inbox and parking; only a control mode does. */
  intake?: IntakeFactory;
  outbox: Type<Outbox>;
}

export interface MessagingOptions {
  carriage: Carriage;
  /** Names the consumer groups and the source of events. */
  app: string;
  events: readonly AnyEvent[];
  /** Names of events that nobody here hears, on purpose. */
  unheard: readonly string[];
  /** The pool of deliveries. */
  deliveries: DataSource;
  /** For connections of its own: the relay's lock and its wake-up. */
  databaseUrl: string;
  kafka?: KafkaOptions;
  /** Which subscribers this process runs; all when undefined. */
  subscribers?: readonly string[];
  runsRelay: boolean;
  runsSubscribers: boolean;
  handlerTimeoutMs: number;
  retryForMs: number;
  concurrency: number;
  /** Arrivals of a subscriber that has more parked wait; no limit when undefined. */
  parkedMaxBytes?: number;
  /** Subscribers that are gone: what they have parked no longer keeps anything from being settled. */
  retiredSubscribers?: readonly string[];
  /** Hears of each step after a delivery's commit that failed, by subscriber: nobody repeats it. */
  onFailedAfterCommit?: (subscriber: string) => void;
}
