import { Injectable } from '@nestjs/common';
import type { Payment, PlacedOrder } from '../../contracts/index.js';
import { changeOne, insertOnce } from '../../database/effect-row.js';
import { v7, type Effects, type Tx } from '../../messaging/index.js';
import { Invoice } from './invoice.entity.js';
import { PaymentAnnouncer } from './payment-announcer.js';
import { PaymentProvider, type Charge } from './payment-provider.js';
import { Refund } from './refund.entity.js';

type Numbered = Pick<Invoice, 'id' | 'sequence'>;

/** Settings of billing. */
export abstract class BillingSettings {
  /** A charge first tried longer ago is looked up before it is made: the provider has forgotten its key. */
  abstract readonly providerKeyWindowMs: number;
}

@Injectable()
export class BillingService {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly announcer: PaymentAnnouncer,
    private readonly settings: BillingSettings,
  ) {}

  /** Charges an order and opens its invoice. The provider knows a repeat by its key. */
  async charge(order: PlacedOrder, effects: Effects): Promise<void> {
    const charge = await this.chargeAtProvider(order);
    await effects.once((tx) => this.record(tx, order, charge));
  }

  /** Gives back what was charged. Asks by the order and not by our invoice: a charge can stand where no row does. */
  async refund(order: PlacedOrder, effects: Effects): Promise<void> {
    const refund = await this.provider.refund(order.orderId);
    await effects.once(async (tx) => {
      if (!refund) return;
      const { orderId } = order;
      const row = { orderId, refundId: refund.id, amount: refund.amount };
      if (!(await insertOnce(tx, Refund, row, 'order_id'))) return;
      const invoice = await changeOne<Numbered>(
        tx,
        Invoice,
        { status: 'refunded', sequence: () => 'sequence + 1' },
        ['order_id = :orderId', { orderId }],
        'id, sequence',
      );
      if (invoice) await this.announcer.refunded(tx, paymentOf(order, invoice, refund.amount));
    });
  }

  private async chargeAtProvider(order: PlacedOrder): Promise<Charge> {
    const { orderId, total: amount, currency } = order;
    const forgotten = Date.now() - Date.parse(order.placedAt) > this.settings.providerKeyWindowMs;
    const standing = forgotten ? await this.provider.find(orderId) : undefined;
    return standing ?? this.provider.charge({ orderId, amount, currency });
  }

  private async record(tx: Tx, order: PlacedOrder, charge: Charge): Promise<void> {
    const { orderId, userId, total: amount, currency } = order;
    const { id: chargeId, status, reason = null } = charge;
    const row = { id: v7(), orderId, userId, amount, currency, status, chargeId, reason };
    const invoice = await insertOnce<Numbered>(tx, Invoice, row, 'id, sequence');
    if (!invoice) return;
    const payment = paymentOf(order, invoice, amount, charge.reason);
    if (status === 'captured') await this.announcer.captured(tx, payment);
    else await this.announcer.declined(tx, payment);
  }
}

function paymentOf(order: PlacedOrder, invoice: Numbered, amount: number, reason?: string): Payment {
  const { orderId, currency } = order;
  return { orderId, invoiceId: invoice.id, amount, currency, sequence: invoice.sequence, reason };
}
