import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The notifications module's own copy of who can be written to: an event replaces telling, not asking. */
@Entity({ name: 'contacts' })
export class Contact {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'contacts_pkey' })
  userId: string;

  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;
}
