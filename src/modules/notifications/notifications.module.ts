import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { ContactsService } from './contacts.service.js';
import { ContactsSubscriber } from './contacts.subscriber.js';
import { Mailer } from './mailer.js';
import { NotificationsService } from './notifications.service.js';
import { NotificationsSubscriber } from './notifications.subscriber.js';
import { SmtpMailer } from './smtp.mailer.js';

@Module({
  controllers: [ContactsSubscriber, NotificationsSubscriber],
  providers: [
    ContactsService,
    NotificationsService,
    {
      provide: Mailer,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        new SmtpMailer({
          url: config.SMTP_URL,
          from: config.MAIL_FROM,
          timeoutMs: config.SMTP_TIMEOUT,
          attempts: 1 + config.SYNC_RETRIES,
        }),
    },
  ],
  exports: [ContactsService, NotificationsService],
})
export class NotificationsModule implements OnApplicationShutdown {
  constructor(private readonly mailer: Mailer) {}

  onApplicationShutdown(): void {
    this.mailer.close();
  }
}
