import pg from 'pg';
import { readTopics } from '../../local/topic-reader.js';
import type { Aggregate, Deed, EffectRow, MailRow, Observations, OrderRow, ParkedRow } from './observations.js';

/** Where the judge looks: past every proxy, at the servers themselves. */
export interface Places {
  databaseUrl: string;
  brokers: readonly string[];
  /** The stand-ins' address. */
  ledgerUrl: string;
  /** Names on the broker, before which `topicPrefix` stands. */
  topics: readonly string[];
  topicPrefix: string;
}

type Told = Pick<Observations, 'users' | 'orders' | 'cancels' | 'poisoned' | 'faults' | 'lanes'>;

/** Collects what a settled shop has left behind. */
export async function collect(places: Places, told: Told): Promise<Observations> {
  const client = new pg.Client({ connectionString: places.databaseUrl });
  await client.connect();
  try {
    const names = places.topics.map((topic) => places.topicPrefix + topic);
    const kept = await keptRows(client);
    const written = await writtenTimes(client);
    const ledger = await readLedger(places.ledgerUrl);
    const records = await readTopics(places.brokers, names);
    return {
      ...told,
      ...kept,
      ledger: ledger.map((deed) => ({ ...deed, writtenAt: written.get(deed.key) })),
      records: records.map((record) => ({ ...record, topic: record.topic.slice(places.topicPrefix.length) })),
    };
  } finally {
    await client.end();
  }
}

async function keptRows(client: pg.Client): Promise<Pick<Observations, 'kept' | 'aggregates' | 'parked'>> {
  const rows = async <T>(sql: string) => (await client.query(sql)).rows as T[];
  const ids = async (sql: string) => (await rows<{ id: string }>(sql)).map(({ id }) => id);
  return {
    kept: {
      users: await ids(`SELECT id FROM users`),
      orders: await rows<OrderRow>(
        `SELECT id, user_id AS "userId", status, confirmed_at IS NOT NULL AS confirmed FROM orders`,
      ),
      invoices: await rows<EffectRow>(`SELECT order_id AS "orderId", status AS state FROM invoices`),
      refunds: await rows<EffectRow>(`SELECT order_id AS "orderId" FROM refunds`),
      shipments: await rows<EffectRow>(
        `SELECT order_id AS "orderId", CASE WHEN cancelled_at IS NULL THEN 'standing' ELSE 'cancelled' END AS state
         FROM shipments`,
      ),
      sales: await rows<EffectRow>(`SELECT order_id AS "orderId", status AS state FROM sales`),
      contacts: await ids(`SELECT user_id AS id FROM contacts`),
      registrations: await ids(`SELECT user_id AS id FROM registrations`),
      mails: await rows<MailRow>(`SELECT subject_id AS "subjectId", template FROM mails`),
    },
    aggregates: await rows<Aggregate>(
      `SELECT 'users' AS topic, id::text, sequence FROM users
       UNION ALL SELECT 'orders', id::text, sequence FROM orders
       UNION ALL SELECT 'billing', order_id::text, sequence FROM invoices
       UNION ALL SELECT 'shipping', order_id::text, sequence FROM shipments`,
    ),
    parked: await rows<ParkedRow>(
      `SELECT p.subscriber, p.topic, p.key, p.event_id AS "eventId",
         CASE WHEN p.id = (SELECT min(id) FROM parked h WHERE (h.subscriber, h.topic, h.key) = (p.subscriber, p.topic, p.key))
           THEN k.error ELSE '' END AS error
       FROM parked p JOIN parked_key k USING (subscriber, topic, key) ORDER BY p.id`,
    ),
  };
}

/** When the shop has written down what it asked the outside world for, by the key of the deed. */
async function writtenTimes(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ key: string; at: number }>(
    `SELECT key, extract(epoch FROM at)::float8 * 1000 AS at FROM (
       SELECT 'charge:' || order_id AS key, at FROM invoices
       UNION ALL SELECT 'refund:' || order_id, at FROM refunds
       UNION ALL SELECT 'book:' || order_id, at FROM shipments
       UNION ALL SELECT 'unbook:' || order_id, cancelled_at FROM shipments WHERE cancelled_at IS NOT NULL
       UNION ALL SELECT template || '.' || subject_id, at FROM mails) deeds`,
  );
  return new Map(rows.map(({ key, at }) => [key, at]));
}

interface LedgerLine {
  kind: Deed['kind'];
  at: string;
  idempotencyKey: string;
  orderId?: string;
  status?: string;
  repeat?: true;
}

async function readLedger(url: string): Promise<Deed[]> {
  const text = await (await fetch(new URL('/ledger', url))).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { kind, at, idempotencyKey, orderId, status, repeat } = JSON.parse(line) as LedgerLine;
      // A mail has its Message-ID as its key, `<template.subject@host>`.
      const key = kind === 'mail' ? idempotencyKey.replace(/^<|@.*$/g, '') : idempotencyKey;
      return { kind, at: Date.parse(at), key, orderId, status, repeat: repeat === true };
    });
}
