import { Injectable } from '@nestjs/common';
import { UserRegistered, type RegisteredUser } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { UserAnnouncer } from '../../modules/users/index.js';

@Injectable()
export class AsyncUserAnnouncer extends UserAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  registered(tx: Tx, user: RegisteredUser): Promise<void> {
    return this.outbox.add(tx, UserRegistered, user);
  }
}
