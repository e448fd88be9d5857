import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { CARRIER, type Carrier } from './carrier.js';
import { EventCatalogue } from './event-catalogue.js';
import { createIntake } from './intake-factory.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { Outbox } from './outbox/outbox.js';
import { Patience, Stopping } from './patience.js';
import { Relay } from './relay/relay.js';
import { WakeUp } from './relay/wake-up.js';
import { SubscriberRegistry } from './subscriber-registry.js';
import { SubscriberStrategy } from './subscriber.strategy.js';

/** Starts, watches and stops what carries events in this process. */
@Injectable()
export class Messaging implements BeforeApplicationShutdown {
  private readonly log = new Logger(Messaging.name);
  private strategies: SubscriberStrategy[] = [];
  private starting: Promise<void> = Promise.resolve();
  private started = false;
  private fail: (error: Error) => void = () => undefined;
  /** Rejects when messaging must not go on as it is configured; never resolves. */
  readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(CARRIER) private readonly carrier: Carrier | undefined,
    private readonly registry: SubscriberRegistry,
    private readonly catalogue: EventCatalogue,
    private readonly outbox: Outbox,
    private readonly relay: Relay,
    private readonly wakeUp: WakeUp,
    private readonly patience: Patience,
  ) {
    this.failed.catch(() => undefined);
  }

  /** One strategy for each subscriber that this process runs, for Nest to connect. None in modes that call directly. */
  connect(): SubscriberStrategy[] {
    this.registry.verify();
    const carrier = this.carrier;
    if (!carrier) return [];
    const fail = (error: Error) => {
      if (!(error instanceof Stopping)) this.fail(error);
    };
    this.strategies = this.registry.started().map(
      (declaration) =>
        new SubscriberStrategy(
          declaration,
          (handler) => {
            const topics = [...new Set([...declaration.events.values()].map((event) => event.topic))];
            const intake = createIntake(declaration, handler, this.options, this.catalogue, this.outbox, this.patience);
            return carrier.feed(declaration, topics, intake);
          },
          fail,
        ),
    );
    return this.strategies;
  }

  /** Notes when each subscriber first started: must precede the first announcement that it is to hear. */
  async subscribe(): Promise<void> {
    if (!this.carrier) return;
    for (const { name, from } of this.registry.all())
      await this.options.deliveries.query(
        `INSERT INTO subscription (subscriber, since)
         VALUES ($1, CASE WHEN $2 THEN clock_timestamp() ELSE '-infinity' END) ON CONFLICT DO NOTHING`,
        [name, from === 'now'],
      );
  }

  /** Begins to carry, in the background: waits for a broker that is away, then runs `listen`, then the relay. */
  start(listen: () => Promise<unknown>): void {
    const carrier = this.carrier;
    if (!carrier) return;
    this.starting = carrier
      .start()
      .then(listen)
      .then(() => {
        if (this.options.runsRelay && !this.options.carriage.intake) this.relay.start();
        this.started = true;
      })
      .catch((error: Error) => {
        if (error instanceof Stopping) return;
        this.log.error(error.message);
        this.fail(error);
      });
  }

  /** Whether events flow, and what they wait for, as sentences. */
  state(): { ready: boolean; waitingFor: string[] } {
    if (!this.carrier) return { ready: true, waitingFor: [] };
    const waitingFor = [this.carrier.trouble(), this.relay.trouble, this.patience.trouble].filter(
      (s) => s !== undefined,
    );
    if (!this.started && waitingFor.length === 0) waitingFor.push('messaging is starting');
    const joining = this.strategies.filter((strategy) => !strategy.ready).map((strategy) => strategy.declaration.name);
    if (this.started && joining.length > 0) waitingFor.push(`joining their groups: ${joining.join(', ')}`);
    return { ready: waitingFor.length === 0, waitingFor };
  }

  /** Why this process should be replaced, as a sentence. */
  live(): string | undefined {
    return this.strategies.find((strategy) => strategy.death)?.death;
  }

  /** Consumers finish what they have begun, then the relay sends what that has announced; then the connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.patience.stop();
    await this.starting;
    const consumers = () => Promise.all(this.strategies.map((strategy) => strategy.close()));
    // Without a broker the relay itself brings deliveries: it goes first, and finishes them.
    if (this.options.carriage.carrier === 'local') await this.relay.stop();
    await consumers();
    await this.relay.stop();
    await this.wakeUp.close();
    await this.carrier?.stop();
  }
}
