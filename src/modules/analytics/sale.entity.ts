import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const asNumber = { to: (value: number) => value, from: (value: string) => Number(value) };

/** One row an order, summed when asked: a counter for each day would be a row that every order waits for. */
@Entity({ name: 'sales' })
@Index('sales_day', ['placedAt'])
export class Sale {
  @PrimaryColumn({ name: 'order_id', type: 'uuid', primaryKeyConstraintName: 'sales_pkey' })
  orderId: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ type: 'bigint', transformer: asNumber })
  total: number;

  @Column({ type: 'text' })
  currency: string;

  /** Only what was paid and not cancelled counts as sold. */
  @Column({ type: 'text' })
  status: 'placed' | 'confirmed' | 'payment_declined' | 'cancelled';

  /** Of the event that was last applied: an earlier one that arrives later changes nothing. */
  @Column({ type: 'integer' })
  sequence: number;

  @Column({ name: 'placed_at', type: 'timestamptz' })
  placedAt: Date;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  @Index('sales_changed')
  changedAt: Date;
}
