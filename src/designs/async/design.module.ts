import { Global, Module } from '@nestjs/common';
import { PaymentAnnouncer } from '../../modules/billing/index.js';
import { OrderAnnouncer, OrderFulfilmentAnnouncer, OrderPaymentAnnouncer } from '../../modules/orders/index.js';
import { ShipmentAnnouncer } from '../../modules/shipping/index.js';
import { UserAnnouncer } from '../../modules/users/index.js';
import { AsyncOrderAnnouncer } from './order-announcer.js';
import { AsyncOrderFulfilmentAnnouncer } from './order-fulfilment-announcer.js';
import { AsyncOrderPaymentAnnouncer } from './order-payment-announcer.js';
import { AsyncPaymentAnnouncer } from './payment-announcer.js';
import { AsyncShipmentAnnouncer } from './shipment-announcer.js';
import { AsyncUserAnnouncer } from './user-announcer.js';

const ASYNC_ANNOUNCERS = [
  { provide: UserAnnouncer, useClass: AsyncUserAnnouncer },
  { provide: OrderAnnouncer, useClass: AsyncOrderAnnouncer },
  { provide: OrderPaymentAnnouncer, useClass: AsyncOrderPaymentAnnouncer },
  { provide: OrderFulfilmentAnnouncer, useClass: AsyncOrderFulfilmentAnnouncer },
  { provide: PaymentAnnouncer, useClass: AsyncPaymentAnnouncer },
  { provide: ShipmentAnnouncer, useClass: AsyncShipmentAnnouncer },
];

/** Modules write events; who hears them is nobody's business here. */
@Global()
@Module({
  providers: ASYNC_ANNOUNCERS,
  exports: ASYNC_ANNOUNCERS.map(({ provide }) => provide),
})
export class AsyncDesign {}
