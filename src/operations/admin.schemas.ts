import { z } from 'zod';

export const Settled = z
  .object({ settled: z.boolean(), missing: z.array(z.string()).meta({ description: 'what is still under way' }) })
  .meta({ id: 'Settled' });

export const OutboxState = z
  .object({ rows: z.int(), oldestSeconds: z.number().nullable() })
  .meta({ id: 'OutboxState' });

const Hearer = z.object({
  subscriber: z.string(),
  from: z.enum(['beginning', 'now']),
  group: z.string().nullable().meta({ description: 'null in modes that call directly' }),
  lag: z.int().nullable().meta({ description: 'events of the topic that the subscriber has not had' }),
});
export const Subscribers = z
  .object({ events: z.array(z.object({ event: z.string(), topic: z.string(), subscribers: z.array(Hearer) })) })
  .meta({ id: 'Subscribers' });
export type Subscribers = z.infer<typeof Subscribers>;

/** bigint, and what PostgreSQL makes of more digits is an error. */
export const ParkedId = z.string().regex(/^\d{1,18}$/, 'must be the id of a parked delivery');

const ParkedDelivery = z.object({
  id: z.string(),
  subscriber: z.string(),
  topic: z.string(),
  key: z.string(),
  eventId: z.string(),
  name: z.string().nullable(),
  version: z.int().nullable(),
  parkedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable().meta({ description: 'null: it waits for a person' }),
  attempts: z.int(),
  error: z.string(),
  behind: z.int().meta({ description: 'deliveries of the same key that stand before it' }),
});
export const Parked = z.object({ deliveries: z.array(ParkedDelivery) }).meta({ id: 'Parked' });

const Before = z.array(z.string()).meta({ description: 'the deliveries of its key that run first' });
export const ParkedRecord = ParkedDelivery.extend({
  partition: z.int(),
  offset: z.string(),
  before: Before,
  headers: z.record(z.string(), z.string()),
  payload: z.string().nullable(),
  payloadEncoding: z.enum(['utf8', 'base64']),
}).meta({ id: 'ParkedRecord' });

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const Age = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'must be an age such as 30s, 15m, 24h or 7d')
  .transform((text) => parseInt(text, 10) * UNITS[text.at(-1)!]!);

const Code = z.string().regex(/^\w{1,100}$/, 'must be the code of an error, such as contract_broken');

export const Redrive = z
  .strictObject({ id: ParkedId.optional(), code: Code.optional(), olderThan: Age.optional() })
  .refine((given) => Object.keys(given).length > 0, 'must name an id, a code or an age: all that are given must hold')
  .meta({ id: 'Redrive', minProperties: 1 });
export type Redrive = z.infer<typeof Redrive>;

export const Redriven = z.object({ lanes: z.int(), before: Before.optional() }).meta({ id: 'Redriven' });
