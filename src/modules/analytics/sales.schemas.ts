import { z } from 'zod';

export const SalesDay = z
  .object({ day: z.iso.date(), currency: z.string(), orders: z.int(), revenue: z.int() })
  .meta({ id: 'SalesDay' });
export type SalesDay = z.infer<typeof SalesDay>;

export const SalesReport = z
  .object({
    days: z.array(SalesDay),
    topCustomers: z.array(z.object({ userId: z.uuid(), currency: z.string(), orders: z.int(), revenue: z.int() })),
    registrations: z.int(),
  })
  .meta({ id: 'SalesReport' });
export type SalesReport = z.infer<typeof SalesReport>;

const day = z.iso
  .date()
  .refine((text) => text >= '1900-01-01' && text <= '2999-12-31', 'must be a day from 1900 to 2999');

export const SalesQuery = z
  .strictObject({
    from: day.optional().meta({ description: 'the first day, in UTC; 30 days ago without it' }),
    to: day.optional().meta({ description: 'the last day, in UTC; today without it' }),
  })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'must not be before `from`' });
export type SalesQuery = z.infer<typeof SalesQuery>;
