import type { RegisteredUser } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What the users module has to say. Each design says it its own way; both in the caller's transaction. */
export abstract class UserAnnouncer {
  abstract registered(tx: Tx, user: RegisteredUser): Promise<void>;
}
