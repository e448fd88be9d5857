import { Ctx, Payload } from '@nestjs/microservices';
import {
  OrderCancelled,
  OrderConfirmed,
  OrderPaymentDeclined,
  OrderPlaced,
  UserRegistered,
  type PlacedOrder,
  type RegisteredUser,
} from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { AnalyticsService } from './analytics.service.js';

@Subscriber('analytics', { from: 'beginning', commit: 'batch' })
export class AnalyticsSubscriber {
  constructor(private readonly analytics: AnalyticsService) {}

  @On(UserRegistered) onUserRegistered(@Payload() user: RegisteredUser, @Ctx() delivery: Delivery) {
    return this.analytics.count(user, delivery);
  }

  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.analytics.note('placed', order, delivery);
  }

  @On(OrderConfirmed) onOrderConfirmed(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.analytics.note('confirmed', order, delivery);
  }

  @On(OrderPaymentDeclined) onOrderPaymentDeclined(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.analytics.note('payment_declined', order, delivery);
  }

  @On(OrderCancelled) onOrderCancelled(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.analytics.note('cancelled', order, delivery);
  }
}
