import type { Admin } from 'kafkajs';
import { EventCatalogue } from '../../src/messaging/event-catalogue.js';
import { BatchRunner } from '../../src/messaging/inbox/batch-runner.js';
import type { BatchStarts } from '../../src/messaging/inbox/batch-starts.js';
import { DeliveryRunner } from '../../src/messaging/inbox/delivery-runner.js';
import type { Inbox } from '../../src/messaging/inbox/inbox.js';
import type { Handler, Intake } from '../../src/messaging/inbox/intake.js';
import { Lanes } from '../../src/messaging/inbox/lanes.js';
import { MarkedIntake } from '../../src/messaging/inbox/marked-intake.js';
import { OutageBrake } from '../../src/messaging/inbox/outage-brake.js';
import { KafkaFeed } from '../../src/messaging/kafka/kafka-feed.js';
import { KafkaPublisher } from '../../src/messaging/kafka/kafka-publisher.js';
import type { MessagingOptions } from '../../src/messaging/messaging-options.js';
import type { Parking } from '../../src/messaging/parking/parking.js';
import { Patience } from '../../src/messaging/patience.js';
import { Relay } from '../../src/messaging/relay/relay.js';
import type { WakeUp } from '../../src/messaging/relay/wake-up.js';
import type { SubscriberDeclaration } from '../../src/messaging/subscriber.js';
import { Transactions } from '../../src/messaging/transactions.js';
import { EVENTS, type OrderFact } from './events.js';
import type { Machine } from './machine.js';
import type { MemoryDatabase } from './memory-database.js';
import type { MemoryKafka } from './memory-kafka.js';
import { hasty, OnwardPublisher } from './naive-parts.js';
import type { Naivety } from './naive.js';
import type { OutsideWorld } from './outside-world.js';
import { MemoryInbox, MemoryParking, MemoryRetries } from './parts.js';
import { ShopModel } from './shop-model.js';

const HANDLER_TIMEOUT_MS = 20_000;
const LANES = 16;
const catalogue = new EventCatalogue(EVENTS);

export interface Surroundings {
  db: MemoryDatabase;
  kafka: MemoryKafka;
  world: OutsideWorld;
  naive?: Naivety;
}

/** One process of the shop: the real relay, publisher, feeds and intakes on a machine that can die. */
export class ShopProcess {
  readonly model: ShopModel;
  private readonly transactions: Transactions;
  private readonly wakers = new Set<() => void>();
  private readonly patience = new Patience();
  private readonly relay: Relay;

  constructor(
    readonly machine: Machine,
    private readonly around: Surroundings,
  ) {
    const { db, kafka, world, naive } = around;
    this.transactions = new Transactions(db.dataSourceFor(machine));
    const signal = () => this.wakers.forEach((wake) => wake());
    this.model = new ShopModel(machine, world, db.clock, signal);
    const wakeUp: Pick<WakeUp, 'signal' | 'listen'> = {
      signal,
      listen: (woken) => {
        this.wakers.add(woken);
        return () => this.wakers.delete(woken);
      },
    };
    const partitions = new Map(catalogue.topics.map((topic) => [topic, kafka.partitions]));
    const client = kafka.clientFor(machine);
    const publisher =
      naive === 'goes on to other records after a failed send'
        ? new OnwardPublisher(client, kafka.partitions, db.clock)
        : new KafkaPublisher(
            client,
            this.options.kafka!,
            'shop',
            () => partitions,
            () => Promise.resolve(),
          );
    this.relay = new Relay(this.options, publisher, wakeUp as WakeUp);
  }

  start(): void {
    this.relay.start();
    for (const declaration of this.model.declarations()) void this.hear(declaration);
  }

  place(fact: OrderFact): Promise<boolean> {
    return this.transactions.run((tx) => this.model.place(tx, fact));
  }

  cancel(fact: OrderFact): Promise<boolean> {
    return this.transactions.run((tx) => this.model.cancel(tx, fact));
  }

  /** Only what the classes at work here read. */
  private get options(): MessagingOptions {
    const kafka = { brokers: [], partitions: this.around.kafka.partitions, prefix: '', maxWaitMs: 0 };
    return { databaseUrl: this.machine.name, kafka } as unknown as MessagingOptions;
  }

  private async hear(declaration: SubscriberDeclaration): Promise<void> {
    const topics = [...new Set([...declaration.events.values()].map((event) => event.topic))];
    const intake = this.intakeOf(declaration);
    const client = this.around.kafka.clientFor(this.machine);
    const nothingLost = () => Promise.resolve({ fetchOffsets: async () => [] } as unknown as Admin);
    const feed = new KafkaFeed(
      declaration.name,
      topics,
      client,
      this.options.kafka!,
      'shop',
      catalogue,
      intake,
      nothingLost,
    );
    await intake.start();
    await feed.start();
  }

  private intakeOf(subscriber: SubscriberDeclaration): Intake {
    const { db, naive } = this.around;
    const { patience } = this;
    const transactions = new Transactions(db.dataSourceFor(this.machine), 'effect');
    const handler: Handler = (name, data, delivery) =>
      this.model.reactions[subscriber.name]![name]!(data as OrderFact, delivery);
    const inbox = new MemoryInbox(subscriber.name, db, naive);
    const typedInbox = inbox as unknown as Inbox;
    const ignore = () => undefined;
    const runner = new DeliveryRunner(handler, typedInbox, transactions, patience, HANDLER_TIMEOUT_MS, ignore);
    const parking = new MemoryParking(subscriber.name, inbox, db, transactions, (delay) => retries.expect(delay));
    const brake = new OutageBrake();
    const retries = new MemoryRetries(subscriber.name, db, inbox, parking, runner, transactions, patience, () =>
      brake.succeeded(),
    );
    if (naive === 'passes over a delivery that fails') parking.fail = () => Promise.resolve();
    if (naive === 'lets later events of a key overtake one that failed') {
      const lookUp = inbox.lookUp.bind(inbox);
      inbox.lookUp = async (...given) => ({ ...(await lookUp(...given)), parkedLanes: new ForgetfulSet() });
    }
    const intake = new MarkedIntake({
      subscriber,
      inbox: typedInbox,
      parking: parking as unknown as Parking,
      runner,
      batches: new BatchRunner(handler, typedInbox, transactions, HANDLER_TIMEOUT_MS, ignore),
      starts: { note: async () => 1, clear: async () => undefined } as unknown as BatchStarts,
      lanes: new Lanes(LANES),
      brake,
      patience,
      retries,
      startOf: async () => new Date(NaN),
    });
    return naive === 'acknowledges a record before it is handled' ? hasty(intake) : intake;
  }
}

/** Remembers no lane in which something is parked. */
class ForgetfulSet extends Set<string> {
  override has(): boolean {
    return false;
  }
}
