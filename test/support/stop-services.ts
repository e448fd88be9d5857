import { rmSync } from 'node:fs';

/** Stops what start-services started, and removes its files. */
export default async function stopServices(): Promise<void> {
  const started = globalThis.testServices;
  globalThis.testServices = undefined;
  if (!started) return;
  const { dir, postgres, broker, watchDog } = await started;
  // Nobody reads their data again: a broker that is asked takes ten seconds to put it in order.
  await Promise.all([broker.kill9(), postgres.stop()]);
  watchDog.stdin?.end('stopped');
  rmSync(dir, { recursive: true, force: true });
}
