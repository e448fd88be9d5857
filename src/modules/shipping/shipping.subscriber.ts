import { Ctx, Payload } from '@nestjs/microservices';
import { OrderCancelled, OrderConfirmed, type PlacedOrder } from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { ShippingService } from './shipping.service.js';

@Subscriber('shipping', { from: 'beginning' })
export class ShippingSubscriber {
  constructor(private readonly shipping: ShippingService) {}

  @On(OrderConfirmed) onOrderConfirmed(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.shipping.book(order, delivery);
  }

  @On(OrderCancelled) onOrderCancelled(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.shipping.cancel(order, delivery);
  }
}
