import { z } from 'zod';
import type { AnyEvent } from '../messaging/index.js';

export interface AsyncApiOptions {
  /** APP_NAME: the first part of every consumer group, and the `ce_source`. */
  app: string;
  mode: string;
  /** `host:port` of each broker; none when the mode has none. */
  brokers: readonly string[];
  topicPrefix: string;
  subscribers: readonly { name: string; from: string; events: ReadonlyMap<string, AnyEvent> }[];
}

type Json = Record<string, unknown>;

/**
 * The AsyncAPI 3.0 document of everything that stands in the topics: each version of each event with its headers
 * (CloudEvents 1.0, Kafka binary binding), who sends and which consumer group receives.
 */
export function asyncapi(events: readonly AnyEvent[], options: AsyncApiOptions): Json {
  const topics = [...new Set(events.map((event) => event.topic))];
  const on = (topic: string) => events.filter((event) => event.topic === topic);
  return {
    asyncapi: '3.0.0',
    id: `urn:${options.app}`,
    info: {
      title: `${options.app}: events`,
      version: '1.0.0',
      description:
        options.brokers.length > 0
          ? `COMM_MODE=${options.mode} brings these events to Kafka.`
          : `COMM_MODE=${options.mode} needs no broker: this is what stands in the topics in COMM_MODE=async.`,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: Object.fromEntries(options.brokers.map((host, n) => [`broker-${n + 1}`, { host, protocol: 'kafka' }])),
    channels: Object.fromEntries(topics.map((topic) => [topic, channel(topic, on(topic), options)])),
    operations: Object.fromEntries([
      ...topics.map((topic) => [`${topic}.send`, operation('send', topic, on(topic).map(current))]),
      ...topics.flatMap((topic) => receivers(topic, on(topic), options)),
    ]),
    components: {
      messages: Object.fromEntries(
        events.flatMap((event) => versions(event).map(([version, id]) => [id, message(event, version, options.app)])),
      ),
    },
  };
}

const idOf = (event: AnyEvent, version: number) => `${event.name}.v${version}`;
const current = (event: AnyEvent) => idOf(event, event.version);
const versions = (event: AnyEvent): [number, string][] =>
  [...Object.keys(event.formerly).map(Number), event.version].map((version) => [version, idOf(event, version)]);

function channel(topic: string, events: AnyEvent[], { topicPrefix }: AsyncApiOptions): Json {
  const ids = events.flatMap((event) => versions(event).map(([, id]) => id));
  return {
    address: topicPrefix + topic,
    description: `Announced by ${topic}. The key is the aggregate's id: events of one key keep their order.`,
    messages: Object.fromEntries(ids.map((id) => [id, { $ref: `#/components/messages/${id}` }])),
    bindings: { kafka: { topic: topicPrefix + topic, bindingVersion: '0.5.0' } },
  };
}

function operation(action: 'send' | 'receive', topic: string, messages: string[]): Json {
  return {
    action,
    channel: { $ref: `#/channels/${topic}` },
    messages: messages.map((id) => ({ $ref: `#/channels/${topic}/messages/${id}` })),
  };
}

function receivers(topic: string, events: AnyEvent[], { app, subscribers }: AsyncApiOptions): [string, Json][] {
  return subscribers.flatMap(({ name, from, events: heard }): [string, Json][] => {
    const ids = events.filter((event) => heard.has(event.name)).flatMap((event) => versions(event).map(([, id]) => id));
    if (ids.length === 0) return [];
    const bindings = { kafka: { groupId: { type: 'string', const: `${app}.${name}` }, bindingVersion: '0.5.0' } };
    const description = `Reads from ${from === 'now' ? 'its first start on' : 'the beginning of the topic'}.`;
    return [[`${name}.receive.${topic}`, { ...operation('receive', topic, ids), description, bindings }]];
  });
}

function message(event: AnyEvent, version: number, app: string): Json {
  const schema = (version === event.version ? event.schema : event.formerly[version]) as z.ZodType;
  // AsyncAPI's own schemas are draft 7; `$schema` is said once, by the format.
  const { $schema, ...payload } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as Json;
  return {
    name: event.name,
    title: `${event.name}, version ${version}`,
    contentType: 'application/json',
    correlationId: { location: '$message.header#/correlation-id' },
    headers: headers(event, version, app),
    payload,
    bindings: { kafka: { key: { type: 'string', description: 'the id of the aggregate' }, bindingVersion: '0.5.0' } },
  };
}

function headers(event: AnyEvent, version: number, app: string): Json {
  const fixed = (value: string) => ({ type: 'string', const: value });
  const required = {
    ce_specversion: fixed('1.0'),
    ce_id: {
      type: 'string',
      format: 'uuid',
      description: 'the same for every repeat: readers drop what they have seen',
    },
    ce_type: fixed(event.name),
    ce_source: fixed(`urn:${app}`),
    ce_time: { type: 'string', format: 'date-time', description: "when it was announced, by the publisher's database" },
    ce_subject: { type: 'string', description: 'the key' },
    ce_dataschema: fixed(`urn:${app}:event:${event.name}:${version}`),
    ce_sequence: { type: 'string', pattern: '^[1-9][0-9]*$', description: '1, 2, 3 … for each key: a gap is a loss' },
    ce_sequencetype: fixed('Integer'),
    'content-type': fixed('application/json'),
  };
  const optional = {
    traceparent: { type: 'string', description: 'W3C Trace Context of the request that began it' },
    'correlation-id': { type: 'string', description: 'of the request that began it' },
    'causation-id': { type: 'string', format: 'uuid', description: 'the event that caused this one' },
  };
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required) };
}
