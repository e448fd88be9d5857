import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** One for an order. Its row is the aggregate of shipping's events about the order. */
@Entity({ name: 'shipments' })
@Unique('shipments_order', ['orderId'])
export class Shipment {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'shipments_pkey' })
  id: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId: string;

  @Column({ type: 'text' })
  tracking: string;

  @Column({ type: 'integer', default: 1 })
  sequence: number;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt: Date | null;
}
