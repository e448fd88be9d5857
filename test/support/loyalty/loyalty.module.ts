import { Module } from '@nestjs/common';
import { LoyaltyService } from './loyalty.service.js';
import { LoyaltySubscriber } from './loyalty.subscriber.js';

/** A module that nobody thought of when the shop was written. */
@Module({ controllers: [LoyaltySubscriber], providers: [LoyaltyService], exports: [LoyaltyService] })
export class LoyaltyModule {}
