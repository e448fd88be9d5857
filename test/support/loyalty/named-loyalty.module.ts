import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { Calls } from '../../../src/designs/sync/calls.js';
import { OrderAnnouncer } from '../../../src/modules/orders/index.js';
import { LoyaltyModule } from './loyalty.module.js';
import { LoyaltyService } from './loyalty.service.js';

/** Names the new module where orders are announced: the lines that src/designs/sync/order-announcer.ts would need. */
@Injectable()
class NamedInAnnouncer implements OnModuleInit {
  constructor(
    private readonly announcer: OrderAnnouncer,
    private readonly calls: Calls,
    private readonly loyalty: LoyaltyService,
  ) {}

  onModuleInit(): void {
    const placed = this.announcer.placed.bind(this.announcer);
    this.announcer.placed = async (tx, order) => {
      await placed(tx, order);
      await this.calls.make(tx, order, { loyalty: (effects) => this.loyalty.reward(order, effects) });
    };
  }
}

@Module({ imports: [LoyaltyModule], providers: [NamedInAnnouncer] })
export class NamedLoyaltyModule {}
