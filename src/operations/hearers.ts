import { EVENTS } from '../contracts/index.js';
import type { Settlement, SubscriberRegistry } from '../messaging/index.js';
import type { Subscribers } from './admin.schemas.js';

/** Who hears each event, and how far behind each is in its topic: for /admin and for `npm run subscribers`. */
export async function hearers(registry: SubscriberRegistry, settlement: Settlement): Promise<Subscribers> {
  const lags = await settlement.lags();
  const subscribers = registry.all();
  const of = (event: string, topic: string) =>
    subscribers
      .filter((subscriber) => subscriber.events.has(event))
      .map(({ name, from }) => {
        const lag = lags.find((one) => one.subscriber === name && one.topic === topic);
        return { subscriber: name, from, group: lag?.group ?? null, lag: lag?.lag ?? null };
      });
  return { events: EVENTS.map(({ name, topic }) => ({ event: name, topic, subscribers: of(name, topic) })) };
}
