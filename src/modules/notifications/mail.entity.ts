import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One for each order or user and template: what was sent. */
@Entity({ name: 'mails' })
export class SentMail {
  /** The order or user that the mail is about. */
  @PrimaryColumn({ name: 'subject_id', type: 'uuid', primaryKeyConstraintName: 'mails_pkey' })
  subjectId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'mails_pkey' })
  template: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'message_id', type: 'text' })
  messageId: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;
}
