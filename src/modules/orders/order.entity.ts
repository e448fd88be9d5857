import { Check, Column, Entity, ForeignKey, Generated, Index, PrimaryColumn } from 'typeorm';

export const ORDER_STATUSES = ['placed', 'confirmed', 'payment_declined', 'shipped', 'cancelled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface OrderLine {
  sku: string;
  quantity: number;
  unitPrice: number;
}

/** Amounts are below 2^53 by the limits of an order. */
const asNumber = { to: (value: number) => value, from: (value: string) => Number(value) };

@Entity({ name: 'orders' })
@Check('orders_status', `status IN ('placed', 'confirmed', 'payment_declined', 'shipped', 'cancelled')`)
@Index('orders_of_user', ['userId', 'position'])
export class Order {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'orders_pkey' })
  id: string;

  /** Whether the user exists is asked of the database, by name: no entity of another module is imported. */
  @ForeignKey('User', { name: 'orders_user' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ type: 'text', default: 'placed' })
  status: OrderStatus;

  @Column({ type: 'jsonb' })
  lines: OrderLine[];

  @Column({ type: 'bigint', transformer: asNumber })
  total: number;

  @Column({ type: 'text' })
  currency: string;

  /** Raised by every announcement about this order, while its row is locked. */
  @Column({ type: 'integer', default: 1 })
  sequence: number;

  /** The order of placing, for pages. */
  @Column({ type: 'bigint' })
  @Generated('increment')
  @Index('orders_position', { unique: true })
  position: string;

  /** The design that carried its events, as the connection says it. */
  @Column({ type: 'text', nullable: true, default: () => `current_setting('shop.mode', true)` })
  mode: string | null;

  @Column({ name: 'placed_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  placedAt: Date;

  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;

  @Column({ name: 'declined_at', type: 'timestamptz', nullable: true })
  declinedAt: Date | null;

  @Column({ name: 'shipped_at', type: 'timestamptz', nullable: true })
  shippedAt: Date | null;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt: Date | null;
}
