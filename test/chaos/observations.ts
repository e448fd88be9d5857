/** What a client was told about one request; `unknown`: a time-out, a broken connection, a 5xx, and no later answer. */
export interface Answer {
  /** The id that the client has minted, or that the shop has given to a user. */
  id: string;
  told: 'acknowledged' | 'refused' | 'unknown';
  /** Milliseconds since 1970, when it was first asked. */
  at: number;
}

export interface OrderRow {
  id: string;
  userId: string;
  status: string;
  /** It was confirmed once, whatever has become of it. */
  confirmed: boolean;
}

/** A row of an effect table; `state` as far as the table has one. */
export interface EffectRow {
  orderId: string;
  state?: string;
}

export interface MailRow {
  subjectId: string;
  template: string;
}

/** One line of the ledger that the outside world keeps. */
export interface Deed {
  kind: 'charge' | 'refund' | 'booking' | 'unbooking' | 'mail';
  at: number;
  /** `charge:<order>`, or `<template>.<subject>` of a mail. */
  key: string;
  orderId?: string;
  status?: string;
  /** The same key again: the first answer was given once more, or the same mail was taken once more. */
  repeat: boolean;
  /** When the shop wrote down that it is done, in the transaction of its inbox mark; undefined: it is not known. */
  writtenAt?: number;
}

/** A record as it stands in a topic. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  eventId: string;
  name: string;
  /** The aggregate that it is about (`ce_subject`). */
  subject: string;
  /** `ce_sequence`. */
  sequence: number;
}

/** How far an aggregate has counted its events, by its own row. */
export interface Aggregate {
  topic: string;
  id: string;
  sequence: number;
}

export interface ParkedRow {
  subscriber: string;
  topic: string;
  key: string;
  eventId: string;
  error: string;
}

/** Something that was done to the shop, and when. */
export interface Fault {
  id: number;
  kind: string;
  /** Milliseconds since 1970: from the first moment to the heal. */
  from: number;
  until: number;
  /**
   * For how long after the heal a handler may still run twice between the outside world and its commit, in milliseconds;
   * undefined when the fault cannot make it do so.
   */
  repeatsForMs?: number;
  /** Whose handlers it can make run twice; undefined: those of all. */
  subscribers?: readonly string[];
  /** Two owners may be at it at once: then the second may act although the first has committed. */
  twoOwners?: boolean;
  /** It strikes at any attempt: then one delivery may be caught again and again, and not once for each lane. */
  atAnyAttempt?: boolean;
}

/** All that the judge looks at, collected when the shop was settled. */
export interface Observations {
  users: Answer[];
  orders: Answer[];
  cancels: Answer[];
  kept: {
    users: string[];
    orders: OrderRow[];
    invoices: EffectRow[];
    refunds: EffectRow[];
    shipments: EffectRow[];
    sales: EffectRow[];
    contacts: string[];
    registrations: string[];
    mails: MailRow[];
  };
  ledger: Deed[];
  records: TopicRecord[];
  aggregates: Aggregate[];
  parked: ParkedRow[];
  /** Event ids of records that were made unreadable on purpose. */
  poisoned: string[];
  faults: Fault[];
  /** How many deliveries of one kind one fault can catch between the outside world and their commit. */
  lanes: number;
}
