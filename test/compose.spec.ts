import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { kafkaVersion } from '../local/kafka-jars.js';
import { readConfig } from '../src/config.js';

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
}

const root = path.resolve(import.meta.dirname, '..');
const compose = parse(fs.readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const dockerfile = fs.readFileSync(path.join(root, 'Dockerfile'), 'utf8');
const roles = Object.entries(compose.services).filter(([, { environment }]) => environment?.ROLES);

it('runs every role of the shop, each with settings that it accepts', () => {
  const configs = roles.map(([, { environment }]) => readConfig(environment!));
  expect(configs.flatMap(({ ROLES }) => ROLES).sort()).toEqual(['api', 'relay', 'subscribers']);
});

it('lets the shop wait until each of its neighbours is healthy', () => {
  const neighbours = Object.keys(compose.services).filter((name) => !roles.some(([role]) => role === name));
  for (const [, { depends_on: waits }] of roles)
    expect(waits).toEqual(Object.fromEntries(neighbours.map((name) => [name, { condition: 'service_healthy' }])));
  for (const name of neighbours) expect(compose.services[name]!.healthcheck).toBeDefined();
  expect(dockerfile).toContain('HEALTHCHECK');
});

it('names its neighbours by the addresses that they have there', () => {
  for (const [, { environment }] of roles)
    for (const url of ['DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'PAYMENT_URL', 'CARRIER_URL'])
      expect(Object.keys(compose.services)).toContain(new URL(environment![url]!).hostname);
  const kafka = compose.services.kafka!.environment!;
  expect(kafka.KAFKA_ADVERTISED_LISTENERS!.split(',')).toContain(
    `PLAINTEXT://${roles[0]![1].environment!.KAFKA_BROKERS}`,
  );
});

it('uses the Kafka release that a bare machine uses', () => {
  expect(compose.services.kafka!.image).toBe(`apache/kafka:${kafkaVersion()}`);
});

it('builds an image that does not run as root', () => {
  expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
});
