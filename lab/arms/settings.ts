import { callsDirectly, type Arm } from '../model/arm.js';

/** Connections to PostgreSQL that one shop may hold in all, whatever its design does with them. */
export const CONNECTIONS = 24;

/**
 * One pool for requests in `sync`, and a second one where some of its calls come after the commit; the events need a
 * second pool and four sessions of their own.
 */
const POOLS = {
  calls: { API_CONNECTIONS: '23', SUBSCRIBER_CONNECTIONS: '1' },
  callsLater: { API_CONNECTIONS: '19', SUBSCRIBER_CONNECTIONS: '4' },
  events: { API_CONNECTIONS: '10', SUBSCRIBER_CONNECTIONS: '10' },
};

const poolsOf = (arm: Arm) =>
  !callsDirectly(arm) ? POOLS.events : arm.settings.SYNC_OPTIONAL ? POOLS.callsLater : POOLS.calls;

/** How many requests of an arm can hold a connection at a time. */
export const requestConnections = (arm: Arm): number => Number(poolsOf(arm).API_CONNECTIONS);

/** How many connections a shop with these settings may hold: read back from a process that runs. */
export function connectionsOf(settings: Readonly<Record<string, string | undefined>>): number {
  const [api, subscribers] = [Number(settings.API_CONNECTIONS), Number(settings.SUBSCRIBER_CONNECTIONS)];
  // The lock of the mode; with events also the wake-up call and two sessions of the relay.
  if (!callsDirectly({ settings })) return api + subscribers + 4;
  return settings.SYNC_OPTIONAL ? api + subscribers + 1 : api + 1;
}

/** All that a shop of this arm is told; `more` is what a scenario changes. */
export function settingsOf(
  arm: Arm,
  place: Record<string, string>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    ...poolsOf(arm),
    ...arm.settings,
    ...place,
    ...more,
  };
}
