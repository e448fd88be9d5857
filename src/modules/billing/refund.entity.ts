import { Column, Entity, PrimaryColumn } from 'typeorm';

const asNumber = { to: (value: number) => value, from: (value: string) => Number(value) };

/** One for an order. */
@Entity({ name: 'refunds' })
export class Refund {
  @PrimaryColumn({ name: 'order_id', type: 'uuid', primaryKeyConstraintName: 'refunds_pkey' })
  orderId: string;

  /** The provider's id of the refund. */
  @Column({ name: 'refund_id', type: 'text' })
  refundId: string;

  @Column({ type: 'bigint', transformer: asNumber })
  amount: number;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;
}
