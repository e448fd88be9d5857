import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row a user, for counting. */
@Entity({ name: 'registrations' })
export class Registration {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'registrations_pkey' })
  userId: string;

  @Column({ name: 'registered_at', type: 'timestamptz' })
  registeredAt: Date;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;
}
