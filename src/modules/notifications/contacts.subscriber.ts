import { Ctx, Payload } from '@nestjs/microservices';
import { UserRegistered, type RegisteredUser } from '../../contracts/index.js';
import { Delivery, On, Subscriber } from '../../messaging/index.js';
import { ContactsService } from './contacts.service.js';

/** From the beginning: a user of last year may order today. */
@Subscriber('contacts', { from: 'beginning', commit: 'batch' })
export class ContactsSubscriber {
  constructor(private readonly contacts: ContactsService) {}

  @On(UserRegistered) onUserRegistered(@Payload() user: RegisteredUser, @Ctx() delivery: Delivery) {
    return this.contacts.learn(user, delivery);
  }
}
