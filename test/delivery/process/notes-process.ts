import 'reflect-metadata';
import { readConfig } from '../../../src/config.js';
import { createShop } from '../../../src/create-shop.js';
import { failpoints, parseFailpoints } from '../../../src/messaging/index.js';
import { NOTES } from '../notes/notes.module.js';
import { Reader } from '../notes/reader.js';

/** A process of a shop that reads notes; the note that DEADLY names ends it. */
async function main(): Promise<void> {
  const { DEADLY, ...env } = process.env;
  const config = readConfig(env);
  if (config.FAILPOINTS) failpoints.arm(parseFailpoints(config.FAILPOINTS));
  const shop = await createShop(config, NOTES);
  if (DEADLY)
    shop.app.get(Reader).behave(DEADLY, () => {
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    });
  const stop = () => void shop.close().then(() => process.exit(0));
  process.on('SIGTERM', stop).on('disconnect', stop);
  await shop.ready();
  process.send?.('ready');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
