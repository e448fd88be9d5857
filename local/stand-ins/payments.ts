import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Deed, type FirstAnswers, pastDeeds } from './first-answers.js';
import type { Knobs } from './knobs.js';
import type { Ledger } from './ledger.js';

const orderId = z.string().min(1).max(200);
const amount = z.int().min(0);
const currency = z.string().length(3);

export const ChargeRequest = z.object({ orderId, amount, currency });
export const RefundRequest = z.object({ orderId, amount: amount.optional(), currency: currency.optional() });

/** An amount that is always declined, so that a person can see it happen: 402 minor units. */
const DECLINED_AMOUNT = 402;

export interface Charge extends Deed {
  id: string;
  amount: number;
  currency: string;
  status: 'captured' | 'declined';
}

/** The card company. Two keys for one order are two charges: it does not know what an order is. */
export class Payments {
  private readonly charges = new Map<string, Charge[]>();
  private readonly refunded = new Set<string>();

  constructor(
    private readonly answers: FirstAnswers,
    private readonly knobs: Knobs,
    ledger: Ledger,
  ) {
    for (const { kind, deed } of pastDeeds(ledger)) {
      if (kind === 'charge') this.keep(deed as Charge);
      if (kind === 'refund') this.refunded.add(deed.chargeId as string);
    }
  }

  /** Captures, or declines: the same answer for ever under the same key. */
  async charge(key: string, request: z.infer<typeof ChargeRequest>): Promise<Deed> {
    const deed = await this.answers.once('charge', key, request, () => {
      const declined = request.amount === DECLINED_AMOUNT || this.knobs.declines(key);
      const outcome = declined
        ? { status: 'declined' as const, reason: 'card_declined' }
        : { status: 'captured' as const };
      return this.keep({ id: `ch_${randomUUID()}`, ...request, ...outcome, at: new Date().toISOString() });
    });
    return deed!;
  }

  /** Gives back one captured charge of the order; undefined when there is none left. */
  refund(key: string, request: z.infer<typeof RefundRequest>): Promise<Deed | undefined> {
    return this.answers.once('refund', key, request, () => {
      const charge = this.of(request.orderId).find(({ id, status }) => status === 'captured' && !this.refunded.has(id));
      if (!charge) return undefined;
      this.refunded.add(charge.id);
      const { orderId, amount, currency } = { ...charge, ...request };
      return {
        id: `re_${randomUUID()}`,
        orderId,
        chargeId: charge.id,
        amount,
        currency,
        status: 'refunded',
        at: new Date().toISOString(),
      };
    });
  }

  /** All charges of an order, declined ones too. */
  of(orderId: string): Charge[] {
    return this.charges.get(orderId) ?? [];
  }

  private keep(charge: Charge): Charge {
    this.charges.set(charge.orderId, [...this.of(charge.orderId), charge]);
    return charge;
  }
}
