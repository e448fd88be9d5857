import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SalesDay, SalesQuery, SalesReport } from './sales.schemas.js';

const SOLD = `status = 'confirmed'`;
const IN_RANGE = (column: string) =>
  `${column} >= COALESCE($1::date, (now() AT TIME ZONE 'UTC')::date - 30) AT TIME ZONE 'UTC'
   AND ${column} < (COALESCE($2::date, (now() AT TIME ZONE 'UTC')::date) + 1) AT TIME ZONE 'UTC'`;
const DAY = `to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

interface Sum {
  orders: string;
  revenue: string;
}
const numbers = <T extends Sum>(row: T) => ({ ...row, orders: Number(row.orders), revenue: Number(row.revenue) });

/** Reading the figures. */
@Injectable()
export class SalesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Sales by day in UTC and currency, the ten best customers, and how many users have registered. */
  async report({ from, to }: SalesQuery): Promise<SalesReport> {
    const range = [from ?? null, to ?? null];
    const [days, top, registered] = (await Promise.all([
      this.dataSource.query(
        `SELECT ${DAY} AS day, currency, count(*) AS orders, sum(total) AS revenue FROM sales
         WHERE ${SOLD} AND ${IN_RANGE('placed_at')} GROUP BY 1, 2 ORDER BY 1, 2`,
        range,
      ),
      this.dataSource.query(
        `SELECT user_id AS "userId", currency, count(*) AS orders, sum(total) AS revenue FROM sales
         WHERE ${SOLD} AND ${IN_RANGE('placed_at')} GROUP BY 1, 2 ORDER BY 4 DESC, 1 LIMIT 10`,
        range,
      ),
      this.dataSource.query(`SELECT count(*) AS count FROM registrations WHERE ${IN_RANGE('registered_at')}`, range),
    ])) as [
      (Sum & { day: string; currency: string })[],
      (Sum & { userId: string; currency: string })[],
      { count: string }[],
    ];
    return { days: days.map(numbers), topCustomers: top.map(numbers), registrations: Number(registered[0]!.count) };
  }

  /** The days that changed after `since`, and the time up to which this answer knows, by the database's clock. */
  async changedSince(since: string | null): Promise<{ days: SalesDay[]; until: string }> {
    const rows: { until: string }[] = await this.dataSource.query(`SELECT clock_timestamp()::text AS until`);
    const { until } = rows[0]!;
    if (since === null) return { days: [], until };
    // Two seconds back: a transaction may commit a little after the time it has written.
    const days: (Sum & { day: string; currency: string })[] = await this.dataSource.query(
      `SELECT ${DAY} AS day, currency, count(*) FILTER (WHERE ${SOLD}) AS orders,
         COALESCE(sum(total) FILTER (WHERE ${SOLD}), 0) AS revenue FROM sales
       WHERE (${DAY}, currency) IN (SELECT ${DAY}, currency FROM sales WHERE changed_at > $1::timestamptz - interval '2 s')
       GROUP BY 1, 2 ORDER BY 1, 2`,
      [since],
    );
    return { days: days.map(numbers), until };
  }
}
