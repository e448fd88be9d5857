import 'reflect-metadata';
import { InvalidSettings, readConfig } from './config.js';
import { createShop, type Shop } from './create-shop.js';
import { Failure, failpoints, parseFailpoints } from './messaging/index.js';

const SAY_EVERY_MS = 1000;

/** What the process that started this one wants to know; nobody listens when it was started by hand. */
const tell = (message: { ready: true; url: string } | { step: string }) => process.send?.(message);

let shop: Shop | undefined;
let stopping = false;

/** A first request to stop lets the shop finish what it has begun; a second, or one while it boots, ends it at once. */
function stop(): void {
  if (stopping || !shop) process.exit(1);
  stopping = true;
  const running = shop;
  running
    .leave(running.config.STOP_DELAY)
    .then(() => running.close())
    .then(() => process.exit(0), fail);
}

function fail(error: unknown): never {
  const expected = error instanceof Failure || error instanceof InvalidSettings;
  console.error(expected ? error.message : error);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (config.FAILPOINTS) failpoints.arm(parseFailpoints(config.FAILPOINTS));
  process.on('SIGTERM', stop).on('SIGINT', stop);
  // Whoever started this process was killed: the port must not stay taken.
  process.on('disconnect', stop);
  const running = (shop = await createShop(config, {}, (step) => tell({ step })));
  running.messaging.failed.catch(fail);
  const saying = setInterval(() => {
    const { waitingFor } = running.messaging.state();
    if (waitingFor[0]) tell({ step: waitingFor[0] });
  }, SAY_EVERY_MS);
  await running.ready(2 ** 31 - 1);
  clearInterval(saying);
  tell({ ready: true, url: running.url });
}

main().catch(fail);
