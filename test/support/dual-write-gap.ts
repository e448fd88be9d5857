import { CARRIER, type KafkaCarrier } from '../../src/messaging/index.js';
import type { Hold } from './gate.js';
import type { TestShop } from './shop.js';

/**
 * Stops a shop that writes twice in the gap between its commit and the sending of an event; undefined in the modes that
 * have no such gap.
 */
export function holdInTheGap(shop: TestShop, eventName: string): Hold | undefined {
  if (shop.mode !== 'async-dual-write') return undefined;
  const { sender } = shop.shop.app.get<KafkaCarrier>(CARRIER);
  const send = sender.send.bind(sender);
  let arrive!: () => void;
  let release!: () => void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  sender.send = async (row) => {
    if (row.name === eventName) {
      arrive();
      await released;
    }
    await send(row);
  };
  return { arrived, release };
}
