import { Ctx, Payload } from '@nestjs/microservices';
import { OrderPlaced, type PlacedOrder } from '../../../src/contracts/index.js';
import { Delivery, On, Subscriber } from '../../../src/messaging/index.js';
import { LoyaltyService } from './loyalty.service.js';

@Subscriber('loyalty', { from: 'beginning' })
export class LoyaltySubscriber {
  constructor(private readonly loyalty: LoyaltyService) {}

  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.loyalty.reward(order, delivery);
  }
}
