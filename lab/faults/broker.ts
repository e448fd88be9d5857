import { isAlive } from '../../local/processes.js';
import type { Live } from '../run/live.js';

/** The broker dies, and comes back on its data so many seconds later. */
export async function killBroker(live: Live, seconds: number): Promise<void> {
  const { stage } = live;
  const broker = stage.broker;
  if (!broker) return;
  await live.fault(
    'broker killed',
    async () => {
      await broker.kill9();
      const evidence = isAlive(broker.pid) ? undefined : `the broker, process ${broker.pid}, ended`;
      await live.pause(seconds * 1000);
      return evidence;
    },
    async () => (stage.broker = await broker.restart()),
  );
}

/** The broker keeps its connections and answers nothing. */
export async function freezeBroker(live: Live, seconds: number): Promise<void> {
  const broker = live.stage.broker;
  if (!broker) return;
  await live.fault(
    'broker frozen',
    async () => {
      broker.freeze();
      try {
        await live.pause(seconds * 1000);
        return `the broker, process ${broker.pid}, was stopped for ${seconds} s`;
      } finally {
        broker.thaw();
      }
    },
    () => Promise.resolve(),
  );
}
