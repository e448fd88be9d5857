import type { Live } from '../run/live.js';

/** Two processes on one database cannot cache each in its own memory. */
export const TWO_PROCESSES = { CACHE: 'off' };

/** One process after the other is replaced by a new one, as a deploy does; each finishes what it has begun. */
export async function rollingRestart(live: Live): Promise<void> {
  const old = [live.shop, await live.start()];
  await live.fault(
    'rolling restart',
    async () => {
      for (const shop of old) {
        await live.start();
        live.retire(shop);
        await shop.stop(20_000);
      }
      const ended = old.filter(({ alive }) => !alive).length;
      return ended === old.length ? `${ended} processes were replaced` : undefined;
    },
    () => Promise.resolve(),
  );
}

/** One of two processes dies with all that it has begun; a new one comes so many seconds later. */
export async function killOne(live: Live, seconds: number): Promise<void> {
  const victim = live.shop;
  await live.start();
  await live.fault(
    'kill -9 of one of two',
    async () => {
      await victim.kill9();
      live.retire(victim);
      await live.pause(seconds * 1000);
      return victim.alive ? undefined : `process ${victim.pid} ended`;
    },
    () => live.start(),
  );
}
