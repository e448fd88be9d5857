import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSourceOptions } from 'typeorm';
import { AppModule, type Additions } from './app.module.js';
import type { Config } from './config.js';
import type { Databases } from './database/databases.js';
import type { ModeLock } from './database/mode-lock.js';
import { describeApi, httpAdapter } from './http/index.js';
import { PinoLogger } from './logger.js';
import { Failure, Messaging } from './messaging/index.js';
import { Shop } from './shop.js';

/** PORT is taken. */
export class PortTaken extends Failure {
  readonly code = 'port_taken';
  readonly retryable = false;
}

export interface ShopAdditions extends Additions {
  entities?: DataSourceOptions['entities'];
}

/** Wires, listens and begins to carry events; `prepare` may close doors before the first request. */
export async function openShop(
  config: Config,
  additions: ShopAdditions,
  databases: Databases,
  lock?: ModeLock,
  prepare: (app: NestFastifyApplication) => void = () => undefined,
): Promise<Shop> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, databases, additions),
    httpAdapter(),
    {
      logger: config.LOG_LEVEL === 'silent' ? false : new PinoLogger(config.LOG_LEVEL),
      abortOnError: false,
      bodyParser: false,
      forceCloseConnections: true,
    },
  );
  try {
    const messaging = app.get(Messaging);
    for (const strategy of messaging.connect()) app.connectMicroservice({ strategy }, { inheritAppConfig: true });
    describeApi(app);
    prepare(app);
    await app.init();
    await messaging.subscribe();
    await app.listen(config.PORT, config.HOST);
    messaging.start(() => app.startAllMicroservices());
    return new Shop(config, app, databases, await app.getUrl(), lock);
  } catch (error) {
    await app.close().catch(() => undefined);
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    throw new PortTaken(`The port ${config.PORT} is in use: stop what uses it, or set PORT to another one.`);
  }
}
