import { Global, Module } from '@nestjs/common';
import { AnalyticsModule } from '../../modules/analytics/index.js';
import { BillingModule, PaymentAnnouncer } from '../../modules/billing/index.js';
import { CacheModule } from '../../modules/cache/index.js';
import { NotificationsModule } from '../../modules/notifications/index.js';
import {
  OrderAnnouncer,
  OrderFulfilmentAnnouncer,
  OrderPaymentAnnouncer,
  OrdersModule,
} from '../../modules/orders/index.js';
import { ShipmentAnnouncer, ShippingModule } from '../../modules/shipping/index.js';
import { UserAnnouncer } from '../../modules/users/index.js';
import { Calls, CallsInTransaction } from './calls.js';
import { SyncOrderAnnouncer } from './order-announcer.js';
import { SyncOrderFulfilmentAnnouncer } from './order-fulfilment-announcer.js';
import { SyncOrderPaymentAnnouncer } from './order-payment-announcer.js';
import { SyncPaymentAnnouncer } from './payment-announcer.js';
import { SyncShipmentAnnouncer } from './shipment-announcer.js';
import { SyncUserAnnouncer } from './user-announcer.js';

/** What every design with calls binds; the controls bring calls of their own. */
export const SYNC_IMPORTS = [
  BillingModule,
  OrdersModule,
  ShippingModule,
  NotificationsModule,
  AnalyticsModule,
  CacheModule,
];
export const SYNC_ANNOUNCERS = [
  { provide: UserAnnouncer, useClass: SyncUserAnnouncer },
  { provide: OrderAnnouncer, useClass: SyncOrderAnnouncer },
  { provide: OrderPaymentAnnouncer, useClass: SyncOrderPaymentAnnouncer },
  { provide: OrderFulfilmentAnnouncer, useClass: SyncOrderFulfilmentAnnouncer },
  { provide: PaymentAnnouncer, useClass: SyncPaymentAnnouncer },
  { provide: ShipmentAnnouncer, useClass: SyncShipmentAnnouncer },
];

/** Modules call each other, inside the transaction of the request. */
@Global()
@Module({
  imports: SYNC_IMPORTS,
  providers: [{ provide: Calls, useClass: CallsInTransaction }, ...SYNC_ANNOUNCERS],
  exports: [Calls, ...SYNC_ANNOUNCERS.map(({ provide }) => provide)],
})
export class SyncDesign {}
