import { Injectable } from '@nestjs/common';
import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { AnalyticsService } from '../../modules/analytics/index.js';
import { BillingService } from '../../modules/billing/index.js';
import { CacheService } from '../../modules/cache/index.js';
import { NotificationsService } from '../../modules/notifications/index.js';
import { OrderAnnouncer } from '../../modules/orders/index.js';
import { ShippingService } from '../../modules/shipping/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncOrderAnnouncer extends OrderAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly billing: BillingService,
    private readonly shipping: ShippingService,
    private readonly notifications: NotificationsService,
    private readonly analytics: AnalyticsService,
    private readonly cache: CacheService,
  ) {
    super();
  }

  placed(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.calls.make(tx, order, {
      notifications: (effects) => this.notifications.tell('order_received', order, effects),
      billing: (effects) => this.billing.charge(order, effects),
      analytics: (effects) => this.analytics.note('placed', order, effects),
      cache: (effects) => this.cache.orderChanged(order, effects),
    });
  }

  cancelled(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.calls.make(tx, order, {
      notifications: (effects) => this.notifications.tell('order_cancelled', order, effects),
      billing: (effects) => this.billing.refund(order, effects),
      shipping: (effects) => this.shipping.cancel(order, effects),
      analytics: (effects) => this.analytics.note('cancelled', order, effects),
      cache: (effects) => this.cache.orderChanged(order, effects),
    });
  }
}
