import type { RelaySession } from './relay-session.js';

type Acquire = (woken: () => void) => Promise<RelaySession | undefined>;

const databases = new Map<string, Acquire>();

/** Says what a relay meets that connects to this address. */
export const leadAt = (databaseUrl: string, acquire: Acquire): unknown => databases.set(databaseUrl, acquire);

/** In place of src/messaging/relay/leadership.ts, whose session is one with PostgreSQL. */
export class Leadership {
  static acquire(databaseUrl: string, woken: () => void): Promise<RelaySession | undefined> {
    return databases.get(databaseUrl)!(woken);
  }
}
