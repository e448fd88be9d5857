import type { Carrier, Feed, Lag } from '../carrier.js';
import type { EventCatalogue } from '../event-catalogue.js';
import type { Intake } from '../inbox/intake.js';
import type { SubscriberDeclaration } from '../subscriber.js';
import { LocalPublisher } from './local-publisher.js';

/** Carries events from the outbox to subscribers of this process. There is no lag: a row waits in the outbox itself. */
export class LocalCarrier implements Carrier {
  readonly publisher: LocalPublisher;

  constructor(app: string, catalogue: EventCatalogue) {
    this.publisher = new LocalPublisher(app, catalogue);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  feed(subscriber: SubscriberDeclaration, _topics: readonly string[], intake: Intake): Feed {
    let ready = false;
    return {
      start: async () => {
        await intake.start();
        this.publisher.connect((name) => subscriber.events.has(name), intake);
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
