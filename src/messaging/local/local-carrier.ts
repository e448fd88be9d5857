import type { Carrier, Feed, Lag } from '../carrier.js';
import type { EventCatalogue } from '../event-catalogue.js';
import type { Intake } from '../inbox/intake.js';
import type { OutboxRow } from '../outbox/outbox-row.js';
import type { SubscriberDeclaration } from '../subscriber.js';
import { LocalPublisher } from './local-publisher.js';

/** Carries events from the outbox to subscribers of this process. There is no lag: a row waits in the outbox itself. */
export class LocalCarrier implements Carrier {
  readonly publisher: LocalPublisher;

  constructor(
    app: string,
    private readonly catalogue: EventCatalogue,
    private readonly concurrency: number,
  ) {
    this.publisher = new LocalPublisher(app, catalogue);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  feed(subscriber: SubscriberDeclaration, topics: readonly string[], intake: Intake): Feed {
    let ready = false;
    let begin!: (started: Promise<void>) => void;
    const started = new Promise<void>((resolve) => (begin = resolve));
    started.catch(() => undefined);
    // An event that this release does not know concerns all who hear its topic, as it does with a broker.
    const hears = ({ name, topic }: OutboxRow) =>
      subscriber.events.has(name) || (!this.catalogue.get(name) && topics.includes(topic));
    // From now on, and not from its start on: the relay must not take an event for unheard meanwhile.
    // One transaction a batch: two at a time would wait for each other's rows.
    const sideBySide = subscriber.commit === 'batch' ? 1 : this.concurrency;
    this.publisher.connect({ hears, intake, sideBySide, started });
    return {
      start: async () => {
        begin(intake.start());
        await started;
        ready = true;
      },
      stop: () => intake.stop(),
      get ready() {
        return ready;
      },
      death: undefined,
    };
  }

  lags(subscribers: readonly SubscriberDeclaration[]): Promise<Lag[]> {
    return Promise.resolve(
      subscribers.flatMap(({ name, events }) =>
        [...new Set([...events.values()].map((event) => event.topic))].map((topic) => ({
          subscriber: name,
          topic,
          group: '',
          lag: 0,
        })),
      ),
    );
  }

  progress(): Promise<string> {
    return Promise.resolve('');
  }

  trouble(): undefined {
    return undefined;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
