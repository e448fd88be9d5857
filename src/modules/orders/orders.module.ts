import { Module } from '@nestjs/common';
import { OrderFulfilmentService } from './order-fulfilment.service.js';
import { OrderPaymentService } from './order-payment.service.js';
import { OrderQueries } from './order.queries.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { OrdersSubscriber } from './orders.subscriber.js';

@Module({
  controllers: [OrdersController, OrdersSubscriber],
  providers: [OrdersService, OrderPaymentService, OrderFulfilmentService, OrderQueries],
  exports: [OrdersService, OrderPaymentService, OrderFulfilmentService],
})
export class OrdersModule {}
