import { z } from 'zod';

const ms = z.number();

/** A row of the view order_timeline: an effect that is there, by the database's clock. */
export const EffectRow = z.object({ orderId: z.string(), effect: z.string(), detail: z.string().nullable(), atMs: ms });

export const OrderRow = z.object({
  id: z.string(),
  userId: z.string(),
  status: z.string(),
  total: z.number(),
  currency: z.string(),
  sequence: z.int(),
  placedAtMs: ms,
  /** The COMM_MODE in which it was placed. */
  mode: z.string().nullable().optional(),
});

/** A row whose table allows one for each order. */
export const InvoiceRow = z.object({ orderId: z.string(), amount: z.number(), status: z.string() });
export const SaleRow = z.object({
  orderId: z.string(),
  total: z.number(),
  status: z.string(),
  sequence: z.int(),
  changedAtMs: ms.optional(),
});
export const MailRow = z.object({ subjectId: z.string(), template: z.string() });

/** One line of the ledger of the outside world. `repeat`: nothing new happened, the first answer was given again. */
export const Deed = z.object({
  kind: z.enum(['charge', 'refund', 'booking', 'unbooking', 'mail']),
  atMs: ms,
  /** `charge:<order>`; of a mail its Message-ID `<template>.<subject>@…`. */
  key: z.string(),
  orderId: z.string().optional(),
  status: z.string().optional(),
  /** Minor units; of a charge or refund. */
  amount: z.number().optional(),
  repeat: z.boolean(),
});

export const TopicRecord = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  key: z.string().nullable(),
  eventId: z.string(),
  name: z.string(),
  /** The aggregate that it says it is about: its key, if nobody has made a mistake. */
  subject: z.string().optional(),
  sequence: z.int(),
  /** By the clock of the broker or the producer. */
  atMs: ms,
});

export const ParkedRow = z.object({
  subscriber: z.string(),
  topic: z.string(),
  key: z.string(),
  eventId: z.string(),
  name: z.string().nullable(),
  error: z.string(),
  atMs: ms.optional(),
});

export const OutboxRow = z.object({
  eventId: z.string(),
  name: z.string(),
  key: z.string(),
  sequence: z.int(),
  atMs: ms.optional(),
});

export const InboxMark = z.object({ subscriber: z.string(), eventId: z.string(), atMs: ms.optional() });

/** What the shop answers, after all is quiet, when it is asked for a user's orders: it may come from its cache. */
export const UserView = z.object({ userId: z.string(), orders: z.int(), spent: z.number() });

/** What the lab read of one shop, after it was settled, with connections of its own: `observations/<block>.json`. */
export const Observation = z.object({
  block: z.string(),
  arm: z.string(),
  orders: z.array(OrderRow),
  effects: z.array(EffectRow),
  invoices: z.array(InvoiceRow),
  sales: z.array(SaleRow),
  mails: z.array(MailRow),
  users: z.array(z.object({ id: z.string(), email: z.string() })),
  /** Ids of the users of whom contacts and analytics have heard. */
  contacts: z.array(z.string()).optional(),
  registrations: z.array(z.string()).optional(),
  outbox: z.array(OutboxRow),
  inbox: z.array(InboxMark),
  parked: z.array(ParkedRow),
  ledger: z.array(Deed),
  /** Undefined in arms without a broker. */
  records: z.array(TopicRecord).optional(),
  /** How far each group has not read yet, summed; undefined in arms without a broker. */
  lag: z.int().optional(),
  /** Revenue and orders of the analytics, as its REST answer gives them. */
  analytics: z.object({ orders: z.int(), revenue: z.number() }).optional(),
  views: z.array(UserView).optional(),
  /** The shop was asked for its figures and views, and did not answer. */
  unanswered: z.boolean().optional(),
});
export type Observation = z.infer<typeof Observation>;
export type Deed = z.infer<typeof Deed>;
export type TopicRecord = z.infer<typeof TopicRecord>;
export type ParkedRow = z.infer<typeof ParkedRow>;
export type EffectRow = z.infer<typeof EffectRow>;
export type OrderRow = z.infer<typeof OrderRow>;
export type SaleRow = z.infer<typeof SaleRow>;
