import { Injectable } from '@nestjs/common';
import { sqlState, Transactions, v7 } from '../../messaging/index.js';
import { UserAnnouncer } from './user-announcer.js';
import { User } from './user.entity.js';
import { EmailTaken, UserNotFound } from './users.errors.js';
import type { RegisterUser, UserPage, UserQuery, UserView } from './users.schemas.js';

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class UsersService {
  constructor(
    private readonly transactions: Transactions,
    private readonly announcer: UserAnnouncer,
  ) {}

  /** @throws EmailTaken, whatever the case of the letters. */
  async register(command: RegisterUser): Promise<UserView> {
    return this.transactions.run(async (tx) => {
      const user = { id: v7(), email: command.email, emailKey: command.email.toLowerCase(), name: command.name };
      const inserted = await tx.insert(User, user).catch((error: unknown) => {
        throw sqlState(error) === UNIQUE_VIOLATION ? new EmailTaken() : error;
      });
      const registeredAt = (inserted.generatedMaps[0] as User).registeredAt.toISOString();
      await this.announcer.registered(tx, {
        userId: user.id,
        email: user.email,
        name: user.name,
        registeredAt,
        sequence: 1,
      });
      return { id: user.id, email: user.email, name: user.name };
    });
  }

  async get(id: string): Promise<UserView> {
    const user = await this.transactions.dataSource.manager.findOneBy(User, { id });
    if (!user) throw new UserNotFound(id);
    return view(user);
  }

  /** A page in the order of registration; `count` is that of all users. */
  async list(query: UserQuery): Promise<UserPage> {
    const users = this.transactions.dataSource.getRepository(User);
    const page = users.createQueryBuilder('u').orderBy('u.position').limit(query.limit);
    if (query.after) {
      const last = await users.findOneBy({ id: query.after });
      if (!last) throw new UserNotFound(query.after);
      page.where('u.position > :position', { position: last.position });
    }
    const [found, count] = await Promise.all([page.getMany(), users.count()]);
    return { users: found.map(view), count };
  }
}

const view = ({ id, email, name }: User): UserView => ({ id, email, name });
