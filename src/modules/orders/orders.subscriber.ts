import { Ctx, Payload } from '@nestjs/microservices';
import {
  PaymentCaptured,
  PaymentDeclined,
  ShipmentScheduled,
  type Payment,
  type Shipment,
} from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { OrderFulfilmentService } from './order-fulfilment.service.js';
import { OrderPaymentService } from './order-payment.service.js';

@Subscriber('orders', { from: 'beginning' })
export class OrdersSubscriber {
  constructor(
    private readonly payment: OrderPaymentService,
    private readonly fulfilment: OrderFulfilmentService,
  ) {}

  @On(PaymentCaptured) onPaymentCaptured(@Payload() payment: Payment, @Ctx() delivery: Delivery) {
    return this.payment.confirm(payment, delivery);
  }

  @On(PaymentDeclined) onPaymentDeclined(@Payload() payment: Payment, @Ctx() delivery: Delivery) {
    return this.payment.decline(payment, delivery);
  }

  @On(ShipmentScheduled) onShipmentScheduled(@Payload() shipment: Shipment, @Ctx() delivery: Delivery) {
    return this.fulfilment.ship(shipment, delivery);
  }
}
