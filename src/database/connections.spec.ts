import type { Role } from '../config.js';
import { connectionsOf, refuseCrowd } from './connections.js';

const pools = { API_CONNECTIONS: 10, SUBSCRIBER_CONNECTIONS: 10, SYNC_OPTIONAL: [] };
const inAsync = (...roles: Role[]) => connectionsOf({ COMM_MODE: 'async', ROLES: roles, ...pools });

describe('a process opens only the connections of its roles:', () => {
  it.each<[what: string, roles: Role[], requests: number, deliveries: number, others: number]>([
    ['all roles', ['api', 'relay', 'subscribers'], 10, 10, 4],
    ['api', ['api'], 10, 0, 2],
    ['relay', ['relay'], 2, 0, 4],
    ['subscribers', ['subscribers'], 2, 10, 2],
  ])('%s', (_what, roles, requests, deliveries, others) => {
    expect(inAsync(...roles)).toEqual({ requests, deliveries, others });
  });

  it('one pool where modules call each other', () => {
    const connections = connectionsOf({ COMM_MODE: 'sync', ROLES: ['api', 'relay', 'subscribers'], ...pools });
    expect(connections).toEqual({ requests: 10, deliveries: 0, others: 1 });
  });

  it('a second one where some of the calls come after the commit', () => {
    const optional = { ...pools, SUBSCRIBER_CONNECTIONS: 4, SYNC_OPTIONAL: ['notifications' as const] };
    const connections = connectionsOf({ COMM_MODE: 'sync', ROLES: ['api', 'relay', 'subscribers'], ...optional });
    expect(connections).toEqual({ requests: 10, deliveries: 4, others: 1 });
  });
});

describe('a server that has no room for a process', () => {
  const api = inAsync('api');

  it('is filled up to its last connection', () => {
    expect(() => refuseCrowd({ most: 100, reserved: 3, taken: 86 }, 1, api)).not.toThrow();
  });

  it('refuses the next one in a sentence that says what is in use and what is needed', () => {
    expect(() => refuseCrowd({ most: 100, reserved: 3, taken: 87 }, 1, api)).toThrow(
      'max_connections is 100, of which 3 are reserved and 86 in use, and this process needs 12: raise max_connections, or stop what is not needed.',
    );
  });
});
