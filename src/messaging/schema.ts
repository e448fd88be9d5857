/**
 * The tables that messaging needs, one statement each: for a migration of the application that it works in. A later
 * change of them comes as a list of its own, because these have run already where messaging is in use.
 */
export const messagingSchema: readonly string[] = [
  // CACHE > 1 would break the order within a key. Text, not jsonb: jsonb refuses \u0000 and parses for nothing.
  `CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    event_id uuid NOT NULL,
    name text NOT NULL,
    version smallint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 200),
    sequence bigint NOT NULL CHECK (sequence > 0),
    payload text NOT NULL CHECK (octet_length(payload) <= 524288),
    headers text NOT NULL CHECK (octet_length(headers) <= 16384),
    announced_at timestamptz NOT NULL DEFAULT clock_timestamp()
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)`,
  `CREATE TABLE inbox (
    subscriber text NOT NULL,
    event_id uuid NOT NULL,
    outcome text NOT NULL DEFAULT 'applied' CHECK (outcome IN ('applied', 'deleted')),
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscriber, event_id))`,
  `CREATE INDEX inbox_age ON inbox USING brin (marked_at)`,
  `CREATE TABLE inbox_horizon (
    subscriber text PRIMARY KEY,
    pruned_before timestamptz NOT NULL DEFAULT '-infinity')`,
  `CREATE TABLE parked_key (
    subscriber text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL CHECK (octet_length(key) <= 200),
    depth int NOT NULL DEFAULT 0 CHECK (depth >= 0),
    attempts int NOT NULL DEFAULT 0,
    starts int NOT NULL DEFAULT 0,
    first_failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    lease uuid,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    error text NOT NULL DEFAULT '',
    PRIMARY KEY (subscriber, topic, key))`,
  `CREATE INDEX parked_key_due ON parked_key (subscriber, due_at) WHERE due_at < 'infinity'`,
  `CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    subscriber text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    event_id uuid NOT NULL,
    name text,
    version int,
    record_key bytea,
    value bytea,
    headers bytea NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (subscriber, event_id),
    FOREIGN KEY (subscriber, topic, key) REFERENCES parked_key)`,
  `CREATE INDEX parked_lane ON parked (subscriber, topic, key, id)`,
  `CREATE TABLE batch_start (
    subscriber text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    base bigint NOT NULL,
    starts int NOT NULL DEFAULT 1,
    PRIMARY KEY (subscriber, topic, partition, base))`,
  `CREATE TABLE topic (name text PRIMARY KEY, partitions int NOT NULL)`,
  `CREATE TABLE subscription (subscriber text PRIMARY KEY, since timestamptz NOT NULL)`,
];

/** In the order in which they can be dropped. */
export const messagingTables = [
  'subscription',
  'topic',
  'batch_start',
  'parked',
  'parked_key',
  'inbox_horizon',
  'inbox',
  'outbox',
] as const;
