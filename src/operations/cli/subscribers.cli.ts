import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../app.module.js';
import type { Config } from '../../config.js';
import { openForTool } from '../../database/databases.js';
import { httpAdapter } from '../../http/index.js';
import { Failure, Settlement, SubscriberRegistry } from '../../messaging/index.js';
import type { Subscribers } from '../admin.schemas.js';
import { hearers } from '../hearers.js';
import { table } from './text.js';
import { run, toolCommand, toolConfig, withDatabase } from './tool.js';

const HELP = `
The lag is that of the group in the whole topic of the event: what it has not
had yet. Modes that call directly have no groups.

On the settings of the environment (DATABASE_URL, KAFKA_BROKERS), else on the
shop that npm start runs or ran.`;

/** The broker cannot be asked how far the groups are. */
class BrokerAway extends Failure {
  readonly code = 'broker_away';
  readonly retryable = true;
}

/** Wires the shop and asks it; nothing of it is started. */
async function ask(config: Config): Promise<Subscribers> {
  const db = await openForTool(config);
  const databases = { api: db, deliveries: db, close: () => db.destroy() };
  try {
    const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(config, databases), httpAdapter(), {
      logger: false,
      abortOnError: false,
    });
    const answer = hearers(app.get(SubscriberRegistry), app.get(Settlement));
    return await answer.finally(() => app.close());
  } catch (error) {
    if (!config.KAFKA_BROKERS) throw error;
    throw new BrokerAway(
      `Kafka at ${config.KAFKA_BROKERS} does not say how far the groups are (${(error as Error).message}): start it, or correct KAFKA_BROKERS.`,
    );
  } finally {
    await databases.close();
  }
}

function show({ events }: Subscribers): string {
  const rows = events.flatMap(({ event, subscribers }) =>
    subscribers.map(({ subscriber, group, lag, from }, index) => [
      index === 0 ? event : '',
      subscriber,
      group || '–',
      lag === null ? '–' : String(lag),
      from,
    ]),
  );
  return table(['EVENT', 'SUBSCRIBER', 'GROUP', 'LAG', 'FROM'], rows);
}

const command = toolCommand('subscribers', 'Shows who hears which event, and how far behind each is.')
  .option('--json', 'as JSON, as /admin/subscribers answers')
  .addHelpText('after', HELP)
  .action(async (options: { json?: boolean }) => {
    const mode = await withDatabase(process.env, (_db, drivenBy) => Promise.resolve(drivenBy));
    const subscribers = await ask(toolConfig(process.env, mode ?? 'sync'));
    console.log(options.json ? JSON.stringify(subscribers, undefined, 2) : show(subscribers));
  });

await run(command);
