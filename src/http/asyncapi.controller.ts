import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CONFIG, needsKafka, type Config } from '../config.js';
import { EVENTS } from '../contracts/index.js';
import { DeliveryParked, SubscriberRegistry } from '../messaging/index.js';
import { AlwaysAdmitted } from './admission.js';
import { Answers } from './answers.js';
import { asyncapi } from './asyncapi.js';

/** What a stranger who reads the topics has to know, as a machine reads it. */
@ApiTags('operations')
@AlwaysAdmitted()
@Controller()
export class AsyncApiController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly subscribers: SubscriberRegistry,
  ) {}

  @Get('asyncapi.json')
  @Answers(200, z.looseObject({ asyncapi: z.string() }).meta({ id: 'AsyncApi' }))
  document() {
    const { APP_NAME, COMM_MODE, KAFKA_BROKERS, TOPIC_PREFIX } = this.config;
    return asyncapi([...EVENTS, DeliveryParked], {
      app: APP_NAME,
      mode: COMM_MODE,
      brokers: needsKafka(COMM_MODE) ? (KAFKA_BROKERS ?? '').split(',') : [],
      topicPrefix: TOPIC_PREFIX,
      subscribers: this.subscribers.all(),
    });
  }
}
