import { Injectable } from '@nestjs/common';
import type { PlacedOrder, RegisteredUser } from '../../contracts/index.js';
import { insertOnce } from '../../database/effect-row.js';
import type { Effects } from '../../messaging/index.js';
import { ContactsService } from './contacts.service.js';
import { SentMail } from './mail.entity.js';
import { letters, type OrderTemplate, type Template } from './mail.templates.js';
import { Mailer } from './mailer.js';

interface Letter {
  subjectId: string;
  template: Template;
  userId: string;
  to: { name: string; email: string };
  subject: string;
  text: string;
}

@Injectable()
export class NotificationsService {
  constructor(
    private readonly mailer: Mailer,
    private readonly contacts: ContactsService,
  ) {}

  async welcome(user: RegisteredUser, effects: Effects): Promise<void> {
    const { userId } = user;
    await this.send({ subjectId: userId, template: 'welcome', userId, to: user, ...letters.welcome() }, effects);
  }

  /** @throws ContactUnknown while the user's registration has not arrived here. */
  async tell(template: OrderTemplate, order: PlacedOrder, effects: Effects): Promise<void> {
    const { orderId: subjectId, userId } = order;
    const to = await this.contacts.find(userId, effects);
    await this.send({ subjectId, template, userId, to, ...letters[template](order) }, effects);
  }

  /** A second mail is possible only when the process dies, or loses the delivery, between SMTP and the commit. */
  private async send(letter: Letter, effects: Effects): Promise<void> {
    const { subjectId, template, userId } = letter;
    const messageId = `<${template}.${subjectId}@switchyard.example>`;
    const sent = await effects.reader.existsBy(SentMail, { subjectId, template });
    if (!sent) {
      await effects.stillMine();
      await this.mailer.send({
        messageId,
        to: { name: letter.to.name, address: letter.to.email },
        subject: letter.subject,
        text: `Dear ${letter.to.name},\n\n${letter.text}\n\nYour shop\n`,
      });
    }
    await effects.once((tx) => insertOnce(tx, SentMail, { subjectId, template, userId, messageId }, 'subject_id'));
  }
}
