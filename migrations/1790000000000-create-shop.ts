import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the modules. */
export class CreateShop1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
        email text NOT NULL,
        email_key text NOT NULL,
        name text NOT NULL,
        sequence integer NOT NULL DEFAULT 1,
        position BIGSERIAL NOT NULL,
        registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT users_email UNIQUE (email_key))`);
    await runner.query(`CREATE UNIQUE INDEX users_position ON users (position)`);
    await runner.query(`
      CREATE TABLE orders (
        id uuid NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT orders_user REFERENCES users (id),
        status text NOT NULL DEFAULT 'placed',
        lines jsonb NOT NULL,
        total bigint NOT NULL,
        currency text NOT NULL,
        sequence integer NOT NULL DEFAULT 1,
        position BIGSERIAL NOT NULL,
        mode text DEFAULT current_setting('shop.mode', true),
        placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        confirmed_at timestamptz,
        declined_at timestamptz,
        shipped_at timestamptz,
        cancelled_at timestamptz,
        CONSTRAINT orders_status CHECK (status IN ('placed', 'confirmed', 'payment_declined', 'shipped', 'cancelled')))`);
    await runner.query(`CREATE UNIQUE INDEX orders_position ON orders (position)`);
    await runner.query(`CREATE INDEX orders_of_user ON orders (user_id, position)`);
    await runner.query(`
      CREATE TABLE invoices (
        id uuid NOT NULL CONSTRAINT invoices_pkey PRIMARY KEY,
        order_id uuid NOT NULL CONSTRAINT invoices_order UNIQUE,
        user_id uuid NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        status text NOT NULL CONSTRAINT invoices_status CHECK (status IN ('captured', 'declined', 'refunded')),
        charge_id text NOT NULL,
        reason text,
        sequence integer NOT NULL DEFAULT 1,
        at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await runner.query(`
      CREATE TABLE refunds (
        order_id uuid NOT NULL CONSTRAINT refunds_pkey PRIMARY KEY,
        refund_id text NOT NULL,
        amount bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await runner.query(`
      CREATE TABLE shipments (
        id uuid NOT NULL CONSTRAINT shipments_pkey PRIMARY KEY,
        order_id uuid NOT NULL CONSTRAINT shipments_order UNIQUE,
        tracking text NOT NULL,
        sequence integer NOT NULL DEFAULT 1,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        cancelled_at timestamptz)`);
    await runner.query(`
      CREATE TABLE contacts (
        user_id uuid NOT NULL CONSTRAINT contacts_pkey PRIMARY KEY,
        email text NOT NULL,
        name text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await runner.query(`
      CREATE TABLE mails (
        subject_id uuid NOT NULL,
        template text NOT NULL,
        user_id uuid NOT NULL,
        message_id text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT mails_pkey PRIMARY KEY (subject_id, template))`);
    await runner.query(`
      CREATE TABLE sales (
        order_id uuid NOT NULL CONSTRAINT sales_pkey PRIMARY KEY,
        user_id uuid NOT NULL,
        total bigint NOT NULL,
        currency text NOT NULL,
        status text NOT NULL,
        sequence integer NOT NULL,
        placed_at timestamptz NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await runner.query(`CREATE INDEX sales_day ON sales (placed_at)`);
    await runner.query(`CREATE INDEX sales_changed ON sales (changed_at)`);
    await runner.query(`
      CREATE TABLE registrations (
        user_id uuid NOT NULL CONSTRAINT registrations_pkey PRIMARY KEY,
        registered_at timestamptz NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE registrations, sales, mails, contacts, shipments, refunds, invoices, orders, users`);
  }
}
