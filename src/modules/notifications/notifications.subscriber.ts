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
import { NotificationsService } from './notifications.service.js';

/** From now: nobody is greeted for what happened before the shop began to write. */
@Subscriber('notifications', { from: 'now' })
export class NotificationsSubscriber {
  constructor(private readonly notifications: NotificationsService) {}

  @On(UserRegistered) onUserRegistered(@Payload() user: RegisteredUser, @Ctx() delivery: Delivery) {
    return this.notifications.welcome(user, delivery);
  }

  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.notifications.tell('order_received', order, delivery);
  }

  @On(OrderConfirmed) onOrderConfirmed(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.notifications.tell('order_confirmed', order, delivery);
  }

  @On(OrderPaymentDeclined) onOrderPaymentDeclined(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.notifications.tell('payment_declined', order, delivery);
  }

  @On(OrderCancelled) onOrderCancelled(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.notifications.tell('order_cancelled', order, delivery);
  }
}
