import { ARMS, type Arm } from '../model/arm.js';
import type { BlockLine, FaultLine, HistoryLine, Invoke, Outcome } from '../model/history.js';
import type { Observation, TopicRecord } from '../model/observation.js';
import type { PlannedBlock } from '../model/plan.js';
import { type EventName, type ExpectedEffect, type Subscriber, topicOf } from './expected-effects.js';
import { groupBy } from './groups.js';
import { askedOf, registrationEffects, tellStories, type Asked, type Story } from './story.js';

/** What one block has left behind, put in order for the judges. */
export interface Evidence {
  planned: PlannedBlock;
  arm: Arm;
  /** Deliveries leave a mark: `async` and `async-local`. */
  marks: boolean;
  /** All effects of a request are done when its answer comes, or never. */
  callsInRequest: boolean;
  observation: Observation;
  faults: readonly FaultLine[];
  marksOfBlock: readonly BlockLine[];
  places: ReadonlyMap<string, Asked>;
  cancels: ReadonlyMap<string, Asked>;
  reads: ReadonlyMap<string, Asked>;
  registrations: ReadonlyMap<string, Asked>;
  /** Of every order that this block has asked for. */
  stories: ReadonlyMap<string, Story>;
  /** Of every user whom this block has registered, and who is there. */
  users: ReadonlyMap<string, Story>;
  /** Keys and ids that other blocks of the run have asked for: they share the outside world with this one. */
  elsewhere: ReadonlySet<string>;
  /** Keys that the scenario has poisoned itself. */
  poisoned: ReadonlySet<string>;
  /** The first appearance of each event in its topic, by topic and aggregate, in the order of the partition. */
  log: ReadonlyMap<string, readonly TopicRecord[]> | undefined;
  hasMark: (subscriber: string, eventId: string) => boolean;
  /** When the inbox has noted the delivery. */
  markedAtMs: (subscriber: string, eventId: string) => number | undefined;
  recordOf: (id: string, event: EventName, sequence: number) => TopicRecord | undefined;
  inOutbox: (id: string, event: EventName, sequence: number) => boolean;
  /** The delivery has not happened yet, and will: it waits in the outbox, in the topic or in a lane. */
  waits: (id: string, effect: Pick<ExpectedEffect, 'event' | 'sequence' | 'subscriber'>) => boolean;
  /** The shop has changed its design under the load: parts of the events went another way. */
  toggled: boolean;
}

export interface CheckInput {
  planned: PlannedBlock;
  /** The lines of this block, in the order of the file. */
  history: readonly HistoryLine[];
  observation: Observation;
  elsewhere?: ReadonlySet<string>;
}

export const aggregateOf = ({ topic, key, subject }: TopicRecord): string => `${topic} ${subject || key}`;

export function gather({ planned, history, observation, elsewhere = new Set() }: CheckInput): Evidence {
  const arm = ARMS[planned.arm];
  const requests = requestsOf(history);
  const users = usersOf(requests.register, observation);
  const poisoned = new Set(planned.poisonKeys);
  const log = observation.records && logOf(observation.records, poisoned);
  const marked = new Map(observation.inbox.map(({ subscriber, eventId, atMs }) => [`${subscriber} ${eventId}`, atMs]));
  const lanes = new Set(observation.parked.map(({ subscriber, topic, key }) => lane(subscriber, topic, key)));
  const outbox = new Set(observation.outbox.map(({ name, key, sequence }) => `${name} ${key} ${sequence}`));
  const recordOf = (id: string, event: EventName, sequence: number) =>
    log?.get(`${topicOf(event)} ${id}`)?.find((record) => record.name === event && record.sequence === sequence);
  const inOutbox = (id: string, event: EventName, sequence: number) => outbox.has(`${event} ${id} ${sequence}`);
  const marks = planned.arm === 'async' || planned.arm === 'async-local';
  const modes = new Set(observation.orders.map(({ mode }) => mode));
  return {
    planned,
    arm,
    marks,
    callsInRequest: planned.arm === 'sync' || planned.arm === 'sync-hardened',
    observation,
    faults: history.filter((line) => line.f === 'fault'),
    marksOfBlock: history.filter((line) => line.f === 'block'),
    places: requests.place,
    cancels: requests.cancel,
    reads: requests.read,
    registrations: requests.register,
    stories: tellStories(requests.place.keys(), observation),
    users,
    elsewhere,
    poisoned,
    log,
    hasMark: (subscriber, eventId) => marked.has(`${subscriber} ${eventId}`),
    markedAtMs: (subscriber, eventId) => marked.get(`${subscriber} ${eventId}`),
    recordOf,
    inOutbox,
    waits: (id, { event, sequence, subscriber }) => {
      if (lanes.has(lane(subscriber, topicOf(event), id)) || inOutbox(id, event, sequence)) return true;
      const record = recordOf(id, event, sequence);
      return !!record && (observation.lag ?? 0) > 0 && !marked.has(`${subscriber} ${record.eventId}`);
    },
    toggled: modes.size > 1,
  };
}

const lane = (subscriber: Subscriber | (string & {}), topic: string, key: string) => `${subscriber} ${topic} ${key}`;

function requestsOf(history: readonly HistoryLine[]): Record<Exclude<Invoke['f'], 'unnamed'>, Map<string, Asked>> {
  const lines = history.filter((line): line is Invoke | Outcome => line.f !== 'fault' && line.f !== 'block');
  const of = (f: Invoke['f']) => {
    const byKey = groupBy(
      lines.filter((line) => line.f === f),
      ({ key }) => key,
    );
    return new Map(
      [...byKey].map(([key, both]): [string, Asked] => [
        key,
        askedOf(
          both.filter((line) => line.type === 'invoke'),
          both.filter((line) => line.type !== 'invoke'),
        ),
      ]),
    );
  };
  return { register: of('register'), place: of('place'), read: of('read'), cancel: of('cancel') };
}

/** A user is known by the e-mail until the shop has given an id. */
function usersOf(registrations: ReadonlyMap<string, Asked>, seen: Observation): Map<string, Story> {
  const byEmail = new Map(seen.users.map(({ id, email }) => [email.toLowerCase(), id]));
  const ids = [...registrations.keys()].flatMap((email) => byEmail.get(email.toLowerCase()) ?? []);
  const stories = tellStories(ids, seen);
  for (const story of stories.values()) {
    const noted = new Map(story.seen);
    if (seen.contacts?.includes(story.id) ?? true) noted.set('contact', [0]);
    if (seen.registrations?.includes(story.id) ?? true) noted.set('registration', [0]);
    const events = [{ name: 'user.registered' as const, sequence: 1 }];
    stories.set(story.id, { ...story, events, expected: registrationEffects(), seen: noted });
  }
  return stories;
}

/** A record that somebody has sent once more is no second event. Poison is not the shop's. */
function logOf(records: readonly TopicRecord[], poisoned: ReadonlySet<string>): Map<string, TopicRecord[]> {
  const inOrder = records
    .filter(({ key, subject }) => !poisoned.has(key ?? '') && !poisoned.has(subject ?? ''))
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
  const firsts = new Map<string, TopicRecord>();
  for (const record of inOrder) {
    const id = `${aggregateOf(record)} ${record.eventId}`;
    if (!firsts.has(id)) firsts.set(id, record);
  }
  return groupBy(firsts.values(), aggregateOf);
}
