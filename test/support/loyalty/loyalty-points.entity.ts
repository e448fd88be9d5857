import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row an order. */
@Entity({ name: 'loyalty_points' })
export class LoyaltyPoints {
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId: string;

  @Column({ type: 'integer' })
  points: number;
}

/** What a migration of the module would say. */
export const CREATE_LOYALTY_POINTS = `CREATE TABLE loyalty_points (order_id uuid PRIMARY KEY, points integer NOT NULL)`;
