/** One of the designs that are compared, as the lab starts it. */
export interface Arm {
  name: ArmName;
  /** The settings that make it, over those that all arms share. */
  settings: Readonly<Record<string, string>>;
  needsKafka: boolean;
  /** A control shows that the faults bite: it is expected to lose. */
  control: boolean;
  /** One line for the reader of the page. */
  what: string;
}

export const ARM_NAMES = [
  'sync',
  'sync-hardened',
  'async-local',
  'async',
  'sync-after-commit',
  'async-dual-write',
] as const;
export type ArmName = (typeof ARM_NAMES)[number];

export const ARMS: Readonly<Record<ArmName, Arm>> = {
  sync: {
    name: 'sync',
    settings: { COMM_MODE: 'sync' },
    needsKafka: false,
    control: false,
    what: 'all modules in the transaction of the order',
  },
  'sync-hardened': {
    name: 'sync-hardened',
    settings: { COMM_MODE: 'sync', SYNC_OPTIONAL: 'notifications,analytics,cache', SYNC_RETRIES: '1' },
    needsKafka: false,
    control: false,
    what: 'sync, with optional calls after the commit and one repeat of a provider call',
  },
  'async-local': {
    name: 'async-local',
    settings: { COMM_MODE: 'async-local' },
    needsKafka: false,
    control: false,
    what: 'outbox and inbox in the database, no broker',
  },
  async: {
    name: 'async',
    settings: { COMM_MODE: 'async' },
    needsKafka: true,
    control: false,
    what: 'outbox, relay, Kafka, inbox',
  },
  'sync-after-commit': {
    name: 'sync-after-commit',
    settings: { COMM_MODE: 'sync-after-commit' },
    needsKafka: false,
    control: true,
    what: 'calls after the commit, one by one: control',
  },
  'async-dual-write': {
    name: 'async-dual-write',
    settings: { COMM_MODE: 'async-dual-write' },
    needsKafka: true,
    control: true,
    what: 'commit, then send; no outbox, no inbox: control',
  },
};

/** Whether modules call each other in it; else they hear events. */
export const callsDirectly = ({ settings }: { settings: Readonly<Record<string, string | undefined>> }): boolean =>
  settings.COMM_MODE?.startsWith('sync') ?? false;
