import { Injectable } from '@nestjs/common';
import type { RegisteredUser } from '../../contracts/index.js';
import { insertOnce } from '../../database/effect-row.js';
import type { Effects } from '../../messaging/index.js';
import { Contact } from './contact.entity.js';
import { ContactUnknown } from './notifications.errors.js';

/** Who can be written to. */
@Injectable()
export class ContactsService {
  async learn(user: RegisteredUser, effects: Effects): Promise<void> {
    const { userId, email, name } = user;
    await effects.once((tx) => insertOnce(tx, Contact, { userId, email, name }, 'user_id'));
  }

  /** @throws ContactUnknown while the user's event has not arrived. */
  async find(userId: string, effects: Effects): Promise<Pick<Contact, 'email' | 'name'>> {
    const contact = await effects.reader.findOneBy(Contact, { userId });
    if (!contact) throw new ContactUnknown(userId);
    return contact;
  }
}
