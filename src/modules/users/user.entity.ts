import { Column, Entity, Generated, Index, PrimaryColumn, Unique } from 'typeorm';

@Entity({ name: 'users' })
@Unique('users_email', ['emailKey'])
export class User {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id: string;

  /** As it was given; `emailKey` in lower case is what must be unique. */
  @Column({ type: 'text' })
  email: string;

  @Column({ name: 'email_key', type: 'text' })
  emailKey: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'integer', default: 1 })
  sequence: number;

  /** The order of registration, for pages. */
  @Column({ type: 'bigint' })
  @Generated('increment')
  @Index('users_position', { unique: true })
  position: string;

  @Column({ name: 'registered_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  registeredAt: Date;
}
