import type { StandIns } from '../../local/stand-ins/stand-ins.js';

export interface LedgerLine {
  kind: 'charge' | 'refund' | 'booking' | 'unbooking' | 'mail';
  at: string;
  orderId?: string;
  /** The provider's own id of the deed. */
  id?: string;
  status?: string;
  amount?: number;
  currency?: string;
  /** Of a refund. */
  chargeId?: string;
  /** Of a mail. */
  subject?: string;
  /** Of a booking. */
  tracking?: string;
  repeat?: boolean;
  idempotencyKey: string;
}

interface Mail {
  messageId: string;
  to: string;
  subject: string;
  text: string;
}

type Target = 'payment' | 'carrier' | 'smtp';

/** What the world outside of the shop has seen, and how it behaves. */
export class Ledger {
  constructor(private readonly standIns: StandIns) {}

  /** Deeds that were done for an order, without repeats that were answered from memory. */
  async deeds(orderId: string, kind: LedgerLine['kind']): Promise<LedgerLine[]> {
    return (await this.lines()).filter((line) => line.orderId === orderId && line.kind === kind && !line.repeat);
  }

  async lines(): Promise<LedgerLine[]> {
    const text = await (await fetch(new URL('/ledger', this.standIns.mailboxUrl))).text();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LedgerLine);
  }

  /** The subjects of the mails to an address, in the order of their arrival. */
  async subjects(email: string): Promise<string[]> {
    return (await this.mails(email)).map((mail) => mail.subject);
  }

  async mails(email: string): Promise<Mail[]> {
    const url = new URL('/mails', this.standIns.mailboxUrl);
    url.searchParams.set('to', email);
    return (await (await fetch(url)).json()) as Mail[];
  }

  /** Makes a provider slow, flaky or dead; without settings it has a good day again. */
  async behave(target: Target, knobs: Record<string, unknown> = {}): Promise<void> {
    const response = await fetch(new URL('/knobs', this.standIns.mailboxUrl), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target, ...knobs }),
    });
    if (!response.ok) throw new Error(`The knobs answered ${response.status}: ${await response.text()}`);
  }
}
