export interface Mail {
  /** Stable for each event and recipient, so that a second copy can be recognised. */
  messageId: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** Sends mail. There is no idempotency key in SMTP: a repeat is a second mail. */
export abstract class Mailer {
  /** @throws MailServerUnavailable, MailRefused */
  abstract send(mail: Mail): Promise<void>;
  abstract close(): void;
}
