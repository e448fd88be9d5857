import { Injectable } from '@nestjs/common';
import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { AnalyticsService } from '../../modules/analytics/index.js';
import { CacheService } from '../../modules/cache/index.js';
import { NotificationsService } from '../../modules/notifications/index.js';
import { OrderPaymentAnnouncer } from '../../modules/orders/index.js';
import { ShippingService } from '../../modules/shipping/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncOrderPaymentAnnouncer extends OrderPaymentAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly shipping: ShippingService,
    private readonly notifications: NotificationsService,
    private readonly analytics: AnalyticsService,
    private readonly cache: CacheService,
  ) {
    super();
  }

  confirmed(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.calls.make(tx, order, {
      notifications: (effects) => this.notifications.tell('order_confirmed', order, effects),
      shipping: (effects) => this.shipping.book(order, effects),
      analytics: (effects) => this.analytics.note('confirmed', order, effects),
      cache: (effects) => this.cache.orderChanged(order, effects),
    });
  }

  paymentDeclined(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.calls.make(tx, order, {
      notifications: (effects) => this.notifications.tell('payment_declined', order, effects),
      analytics: (effects) => this.analytics.note('payment_declined', order, effects),
      cache: (effects) => this.cache.orderChanged(order, effects),
    });
  }
}
