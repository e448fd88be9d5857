import { z } from 'zod';
import { event } from '../messaging/event.js';
import { Amount, Currency } from './money.js';

const Payment = z.object({
  orderId: z.uuid(),
  invoiceId: z.uuid(),
  amount: Amount,
  currency: Currency,
  sequence: z.int().min(1),
  reason: z.string().optional(),
});
export type Payment = z.infer<typeof Payment>;

const paymentEvent = (name: string) =>
  event({
    name,
    version: 1,
    topic: 'billing',
    key: (payment) => payment.orderId,
    sequence: (payment) => payment.sequence,
    schema: Payment,
  });

/** The provider has taken the money. */
export const PaymentCaptured = paymentEvent('payment.captured');
/** The provider has refused the card; `reason` is the provider's word for it. */
export const PaymentDeclined = paymentEvent('payment.declined');
/** The provider has given the money back. */
export const PaymentRefunded = paymentEvent('payment.refunded');
