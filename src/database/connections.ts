import type { DataSource } from 'typeorm';
import { callsDirectly, type Config } from '../config.js';
import { Failure } from '../messaging/index.js';

/** The database cannot be used as it is. */
export class DatabaseUnfit extends Failure {
  readonly code = 'database_unfit';
  readonly retryable = false;
}

/** How many connections to PostgreSQL one process may hold. */
export interface Connections {
  requests: number;
  /** For what begins when a request has committed. 0: none runs here, and who asks for its state uses the pool of requests. */
  deliveries: number;
  /** Each a session of its own, outside of the pools. */
  others: number;
}

/** Health, metrics and administration of a process that is not an api. */
const WATCHING = 2;
/** The session that leads, and the one that asks whether it can. */
const RELAY = 2;
const MODE_LOCK = 1;
const WAKE_UP = 1;

/** What a process of these roles needs, so that no role can take the connections of another. */
export function connectionsOf(
  config: Pick<Config, 'COMM_MODE' | 'ROLES' | 'API_CONNECTIONS' | 'SUBSCRIBER_CONNECTIONS' | 'SYNC_OPTIONAL'>,
): Connections {
  const { COMM_MODE, ROLES } = config;
  const requests = ROLES.includes('api') ? config.API_CONNECTIONS : WATCHING;
  if (callsDirectly(COMM_MODE)) {
    // A request that has committed must not queue for a connection behind those that wait for providers with theirs.
    const callsLater = COMM_MODE === 'sync' && config.SYNC_OPTIONAL.length > 0;
    return { requests, deliveries: callsLater ? config.SUBSCRIBER_CONNECTIONS : 0, others: MODE_LOCK };
  }
  const relay = ROLES.includes('relay') ? RELAY : 0;
  const deliveries = ROLES.includes('subscribers') ? config.SUBSCRIBER_CONNECTIONS : 0;
  return { requests, deliveries, others: MODE_LOCK + WAKE_UP + relay };
}

/** What the server has to give, and how much of it is taken, this process included. */
export interface Capacity {
  most: number;
  /** For superusers only. */
  reserved: number;
  taken: number;
}

/** A process knows only its own pools: what all others hold at this moment is taken as it is. */
export async function capacityOf(dataSource: DataSource): Promise<Capacity> {
  const rows: Capacity[] = await dataSource.query(
    `SELECT current_setting('max_connections')::int AS most,
       current_setting('superuser_reserved_connections')::int
         + COALESCE(current_setting('reserved_connections', true), '0')::int AS reserved,
       (SELECT COALESCE(sum(numbackends), 0)::int FROM pg_stat_database) AS taken`,
  );
  return rows[0]!;
}

/** @throws DatabaseUnfit when the pools of this process could not all be filled; `own` of the taken are its own already. */
export function refuseCrowd({ most, reserved, taken }: Capacity, own: number, connections: Connections): void {
  const wanted = connections.requests + connections.deliveries + connections.others;
  const others = taken - own;
  if (others + wanted <= most - reserved) return;
  throw new DatabaseUnfit(
    `max_connections is ${most}, of which ${reserved} are reserved and ${others} in use, and this process needs ${wanted}: raise max_connections, or stop what is not needed.`,
  );
}
