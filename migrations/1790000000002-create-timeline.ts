import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to an order, from the tables of all modules: no module knows this view. */
export class CreateTimeline1790000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW order_timeline (order_id, effect, detail, at) AS
        SELECT id, 'order.placed', NULL::text, placed_at FROM orders
        UNION ALL SELECT id, 'order.confirmed', NULL, confirmed_at FROM orders WHERE confirmed_at IS NOT NULL
        UNION ALL SELECT id, 'order.payment_declined', NULL, declined_at FROM orders WHERE declined_at IS NOT NULL
        UNION ALL SELECT id, 'order.shipped', NULL, shipped_at FROM orders WHERE shipped_at IS NOT NULL
        UNION ALL SELECT id, 'order.cancelled', NULL, cancelled_at FROM orders WHERE cancelled_at IS NOT NULL
        UNION ALL SELECT order_id, 'invoice.opened', NULL, at FROM invoices
        UNION ALL SELECT order_id, CASE status WHEN 'declined' THEN 'payment.declined' ELSE 'payment.captured' END,
          reason, at FROM invoices
        UNION ALL SELECT order_id, 'payment.refunded', NULL, at FROM refunds
        UNION ALL SELECT order_id, 'shipment.scheduled', tracking, at FROM shipments
        UNION ALL SELECT order_id, 'shipment.cancelled', NULL, cancelled_at FROM shipments WHERE cancelled_at IS NOT NULL
        UNION ALL SELECT subject_id, 'mail.sent', template, at FROM mails
        UNION ALL SELECT order_id, 'sale.recorded', NULL, at FROM sales`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW order_timeline`);
  }
}
