import type { Arm } from '../model/arm.js';

/** Connections to PostgreSQL that one shop may hold in all, whatever its design does with them. */
export const CONNECTIONS = 24;

/** One pool for requests in `sync`; the events need a second pool and four sessions of their own. */
const POOLS = {
  calls: { API_CONNECTIONS: '23', SUBSCRIBER_CONNECTIONS: '1' },
  events: { API_CONNECTIONS: '10', SUBSCRIBER_CONNECTIONS: '10' },
};

export const callsDirectly = ({ settings }: Arm): boolean => settings.COMM_MODE!.startsWith('sync');

/** How many connections a shop with these settings may hold: read back from a process that runs. */
export function connectionsOf(settings: Readonly<Record<string, string | undefined>>): number {
  const api = Number(settings.API_CONNECTIONS);
  // The lock of the mode; with events also the wake-up call and two sessions of the relay.
  return settings.COMM_MODE?.startsWith('sync') ? api + 1 : api + Number(settings.SUBSCRIBER_CONNECTIONS) + 4;
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
    ...(callsDirectly(arm) ? POOLS.calls : POOLS.events),
    ...arm.settings,
    ...place,
    ...more,
  };
}
