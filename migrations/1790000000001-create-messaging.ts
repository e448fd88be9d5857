import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messagingSchema, messagingTables } from '../src/messaging/schema.js';

/** Outbox, inbox and parking; and what the shop itself keeps beside them. */
export class CreateMessaging1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of messagingSchema) await runner.query(statement);
    await runner.query(`CREATE TABLE driven_by (mode text NOT NULL)`);
    await runner.query(`
      CREATE TABLE idempotency_key (
        scope text NOT NULL,
        key text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 255),
        fingerprint bytea NOT NULL,
        order_id uuid NOT NULL,
        status smallint,
        answer text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (scope, key))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotency_key, driven_by, ${messagingTables.join(', ')}`);
  }
}
