import { Injectable } from '@nestjs/common';
import type { RegisteredUser } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { AnalyticsService } from '../../modules/analytics/index.js';
import { CacheService } from '../../modules/cache/index.js';
import { ContactsService, NotificationsService } from '../../modules/notifications/index.js';
import { UserAnnouncer } from '../../modules/users/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncUserAnnouncer extends UserAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly contacts: ContactsService,
    private readonly notifications: NotificationsService,
    private readonly analytics: AnalyticsService,
    private readonly cache: CacheService,
  ) {
    super();
  }

  registered(tx: Tx, user: RegisteredUser): Promise<void> {
    return this.calls.make(tx, user, {
      contacts: (effects) => this.contacts.learn(user, effects),
      analytics: (effects) => this.analytics.count(user, effects),
      cache: (effects) => this.cache.userRegistered(user, effects),
      notifications: (effects) => this.notifications.welcome(user, effects),
    });
  }
}
