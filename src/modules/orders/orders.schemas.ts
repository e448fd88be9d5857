import { z } from 'zod';
import { Id } from '../../http/index.js';
import { ORDER_STATUSES } from './order.entity.js';

const MOST_TOTAL = 1_000_000_000_000;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

const Line = z
  .strictObject({
    sku: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .meta({ examples: ['TEA-1'] }),
    quantity: z.int().min(1).max(10_000),
    unitPrice: z.int().min(0).max(1_000_000_000).meta({ description: 'in minor units, such as cents' }),
  })
  .meta({ id: 'OrderLine' });

export const PlaceOrder = z
  .strictObject({
    userId: Id,
    lines: z
      .array(Line)
      .min(1)
      .max(500)
      .refine((lines) => total(lines) <= MOST_TOTAL, `must add up to at most ${MOST_TOTAL} minor units`),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be the three capital letters of an ISO 4217 currency')
      .refine((code) => CURRENCIES.has(code), 'is not an ISO 4217 currency')
      .meta({ examples: ['EUR'] }),
    id: Id.optional().meta({ description: 'an id of your own, so that a repeat is known' }),
  })
  .meta({ id: 'PlaceOrder' });
export type PlaceOrder = z.infer<typeof PlaceOrder>;

/** The sum of an order's lines, in minor units. */
export const total = (lines: readonly { quantity: number; unitPrice: number }[]): number =>
  lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);

export const OrderView = z
  .object({
    id: z.uuid(),
    userId: z.uuid(),
    status: z.enum(ORDER_STATUSES),
    lines: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: z.int() })),
    total: z.int(),
    currency: z.string(),
    placedAt: z.iso.datetime(),
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof OrderView>;

export const OrderPage = z
  .object({ orders: z.array(OrderView), next: z.string().nullable() })
  .meta({ id: 'OrderPage' });
export type OrderPage = z.infer<typeof OrderPage>;

export const OrderQuery = z.strictObject({
  userId: Id.optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the `next` of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type OrderQuery = z.infer<typeof OrderQuery>;

export const OrdersOfUser = z
  .object({
    orders: z.array(OrderView),
    count: z.int(),
    spent: z.array(z.object({ currency: z.string(), amount: z.int() })),
  })
  .meta({ id: 'OrdersOfUser' });
export type OrdersOfUser = z.infer<typeof OrdersOfUser>;
