import type { Ledger } from './ledger.js';

export interface Mail {
  id: string;
  messageId: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  at: string;
}

/** Every mail that was taken, in the order of arrival; the same mail twice stands here twice. */
export class Mailbox {
  private readonly mails: Mail[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly ledger: Ledger) {
    for (const entry of ledger.past) {
      if (entry.kind !== 'mail') continue;
      const { id, messageId, from, to, subject, text, at } = entry as unknown as Mail;
      this.mails.push({ id, messageId, from, to, subject, text, at });
      this.seen.add(messageId);
    }
  }

  /** Resolves when the mail is on the disk. */
  async take(message: Omit<Mail, 'id' | 'at'>): Promise<void> {
    const mail = { id: String(this.mails.length + 1), ...message, at: new Date().toISOString() };
    const repeat = this.seen.has(mail.messageId) ? { repeat: true as const } : {};
    this.seen.add(mail.messageId);
    this.mails.push(mail);
    await this.ledger.append({ kind: 'mail', idempotencyKey: mail.messageId, ...repeat, ...mail });
  }

  /** Oldest first; `to` narrows to one address. */
  list(to?: string): Mail[] {
    const wanted = to?.toLowerCase();
    return wanted ? this.mails.filter((mail) => mail.to.toLowerCase().split(', ').includes(wanted)) : this.mails;
  }
}
