import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

const asNumber = { to: (value: number) => value, from: (value: string) => Number(value) };

/** One for an order. Its row is the aggregate of billing's events about the order. */
@Entity({ name: 'invoices' })
@Unique('invoices_order', ['orderId'])
@Check('invoices_status', `status IN ('captured', 'declined', 'refunded')`)
export class Invoice {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'invoices_pkey' })
  id: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ type: 'bigint', transformer: asNumber })
  amount: number;

  @Column({ type: 'text' })
  currency: string;

  @Column({ type: 'text' })
  status: 'captured' | 'declined' | 'refunded';

  /** The provider's id of the charge. */
  @Column({ name: 'charge_id', type: 'text' })
  chargeId: string;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'integer', default: 1 })
  sequence: number;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;
}
