import { Logger } from '@nestjs/common';
import type { Admin } from 'kafkajs';
import type { DataSource } from 'typeorm';
import type { Carrier, Feed, Lag } from '../carrier.js';
import type { EventCatalogue } from '../event-catalogue.js';
import { Failure } from '../failure.js';
import type { Intake } from '../inbox/intake.js';
import type { KafkaOptions } from '../messaging-options.js';
import { Stopping, type Patience } from '../patience.js';
import type { SubscriberDeclaration } from '../subscriber.js';
import { removeFormerMembers } from './former-members.js';
import { goodbye } from './goodbye.js';
import { createKafka, onBroker, type KafkaClients } from './kafka-client.js';
import { KafkaFeed } from './kafka-feed.js';
import { endOffsets, lagOf } from './kafka-lag.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { KafkaSender } from './kafka-sender.js';
import { rootOf } from './send-error.js';
import { ensureTopics, TopicUnfit, writtenPartitions } from './topics.js';

const LONGEST_ANSWER_MS = 3000;

/** The broker took longer than 3 s over a question about offsets. */
export class BrokerSilent extends Failure {
  readonly code = 'broker_silent';
  readonly retryable = true;
}

/** Carries events through a Kafka broker: one topic for each publishing module, one group for each subscriber. */
export class KafkaCarrier implements Carrier {
  readonly publisher: KafkaPublisher;
  readonly sender: KafkaSender;
  private readonly log = new Logger('kafka');
  private readonly clients: KafkaClients;
  private readonly groups: string[] = [];
  private admin?: Admin;
  private partitions: ReadonlyMap<string, number> = new Map();
  private waiting?: string;

  constructor(
    private readonly app: string,
    private readonly options: KafkaOptions,
    private readonly catalogue: EventCatalogue,
    private readonly db: DataSource,
    private readonly patience: Patience,
  ) {
    this.clients = createKafka(app, options);
    this.publisher = new KafkaPublisher(
      this.clients.prompt,
      options,
      app,
      () => this.partitions,
      async () => void (this.partitions = await writtenPartitions(this.db)),
    );
    this.sender = new KafkaSender(this.clients.prompt, options, app);
  }

  async start(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const admin = await this.connected();
        this.partitions = await ensureTopics(admin, this.db, this.catalogue.topics, this.options);
        if (this.groups.length > 0) await removeFormerMembers(admin, this.groups, this.clients.clientId);
        this.waiting = undefined;
        return;
      } catch (error) {
        if (error instanceof TopicUnfit || error instanceof Stopping) throw error;
        this.waiting = `Kafka at ${this.options.brokers.join(', ')} does not answer: ${rootOf(error).message}`;
        if (tries === 10) this.log.warn(this.waiting);
        await this.patience.pause(Math.min(2000, 50 * 2 ** Math.min(tries, 6)));
      }
    }
  }

  feed(subscriber: SubscriberDeclaration, topics: readonly string[], intake: Intake): Feed {
    this.groups.push(onBroker(this.options, `${this.app}.${subscriber.name}`));
    const feed = new KafkaFeed(
      subscriber.name,
      topics,
      this.clients.patient,
      this.options,
      this.app,
      this.catalogue,
      intake,
      () => this.connected(),
    );
    return {
      start: async () => {
        await intake.start();
        await feed.start();
      },
      stop: async () => {
        await intake.stop();
        await feed.stop();
      },
      get ready() {
        return feed.ready;
      },
      get death() {
        return feed.death;
      },
    };
  }

  lags(subscribers: readonly SubscriberDeclaration[]): Promise<Lag[]> {
    return this.ask(async (admin) => {
      const ends = await endOffsets(admin, this.catalogue.topics, this.options);
      const lags = await Promise.all(
        subscribers.map(async ({ name, events }) => {
          const topics = [...new Set([...events.values()].map((event) => event.topic))];
          const group = `${this.app}.${name}`;
          const found = await lagOf(admin, group, topics, ends, this.options);
          return found.map((lag) => ({ subscriber: name, group, ...lag }));
        }),
      );
      return lags.flat();
    });
  }

  progress(): Promise<string> {
    return this.ask(async (admin) => {
      const ends = await endOffsets(admin, this.catalogue.topics, this.options);
      return JSON.stringify([...ends].map(([topic, offsets]) => [topic, offsets.map((entry) => entry.offset)]));
    });
  }

  trouble(): string | undefined {
    return this.waiting;
  }

  async stop(): Promise<void> {
    await Promise.all([goodbye(this.sender.close()), goodbye(this.admin?.disconnect())]);
  }

  /** Asks the broker within a limit; a connection that failed is not asked again. */
  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new BrokerSilent('Kafka does not answer.')), LONGEST_ANSWER_MS);
    });
    try {
      return await Promise.race([this.connected().then(question), late]);
    } catch (error) {
      const broken = this.admin;
      this.admin = undefined;
      broken?.disconnect().catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async connected(): Promise<Admin> {
    if (this.admin) return this.admin;
    // Few repeats: whoever asks can wait by itself, and must be able to stop.
    const admin = this.clients.prompt.admin({ retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 } });
    await admin.connect();
    return (this.admin ??= admin);
  }
}
