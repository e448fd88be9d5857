import { createTransport, type Transporter } from 'nodemailer';
import { Mailer, type Mail } from './mailer.js';
import { MailRefused, MailServerUnavailable } from './notifications.errors.js';

export interface SmtpSettings {
  url: string;
  from: string;
  timeoutMs: number;
  attempts: number;
}

export class SmtpMailer extends Mailer {
  private readonly transport: Pick<Transporter, 'close' | 'sendMail'>;

  constructor(private readonly settings: SmtpSettings) {
    super();
    const { timeoutMs } = settings;
    const options = {
      url: settings.url,
      pool: true,
      maxConnections: 5,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    };
    this.transport = createTransport(options as Parameters<typeof createTransport>[0]) as typeof this.transport;
  }

  async send(mail: Mail): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sendOnce(mail);
      } catch (error) {
        if (attempt >= this.settings.attempts || error instanceof MailRefused) throw error;
      }
    }
  }

  close(): void {
    this.transport.close();
  }

  private async sendOnce(mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail({
        ...mail,
        from: this.settings.from,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      const { responseCode } = error as { responseCode?: number };
      if (responseCode !== undefined && responseCode >= 500)
        throw new MailRefused(`The mail server refused the mail: ${responseCode}.`, { cause: error });
      throw new MailServerUnavailable('The mail server cannot be reached or took too long.', { cause: error });
    }
  }
}
