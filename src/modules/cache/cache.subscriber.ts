import { Ctx, Payload } from '@nestjs/microservices';
import {
  OrderCancelled,
  OrderConfirmed,
  OrderPaymentDeclined,
  OrderPlaced,
  OrderShipped,
  UserRegistered,
  type PlacedOrder,
  type RegisteredUser,
} from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { CacheService } from './cache.service.js';

/** From now: what happened before the first start was never cached. */
@Subscriber('cache', { from: 'now' })
export class CacheSubscriber {
  constructor(private readonly cache: CacheService) {}

  @On(UserRegistered) onUserRegistered(@Payload() user: RegisteredUser, @Ctx() delivery: Delivery) {
    return this.cache.userRegistered(user, delivery);
  }

  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.cache.orderChanged(order, delivery);
  }

  @On(OrderConfirmed) onOrderConfirmed(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.cache.orderChanged(order, delivery);
  }

  @On(OrderPaymentDeclined) onOrderPaymentDeclined(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.cache.orderChanged(order, delivery);
  }

  @On(OrderShipped) onOrderShipped(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.cache.orderChanged(order, delivery);
  }

  @On(OrderCancelled) onOrderCancelled(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.cache.orderChanged(order, delivery);
  }
}
