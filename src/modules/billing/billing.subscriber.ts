import { Ctx, Payload } from '@nestjs/microservices';
import { OrderCancelled, OrderPlaced, type PlacedOrder } from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { BillingService } from './billing.service.js';

@Subscriber('billing', { from: 'beginning' })
export class BillingSubscriber {
  constructor(private readonly billing: BillingService) {}

  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.billing.charge(order, delivery);
  }

  @On(OrderCancelled) onOrderCancelled(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.billing.refund(order, delivery);
  }
}
