import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeWhole } from './folders.js';
import { archiveFile, type BrokerFiles, brokerFiles, javaFlags } from './kafka-java.js';
import { kafkaAnswers } from './kafka-probe.js';
import { portLike } from './ports.js';
import { Problem } from './problem.js';
import { endProcess, gone, isAlive, processesWith, signal } from './processes.js';

export interface BrokerOptions {
  /** Holds the broker's data, configuration and log; made when missing, used again when there. */
  dir: string;
  /** Wanted port; another free one is taken when it is in use. */
  port?: number;
  /** Further lines of server.properties; they win over ours. */
  extra?: Record<string, string | number>;
  /** For several brokers: every controller as `id@127.0.0.1:port`, the same list for all of them. */
  voters?: string[];
  nodeId?: number;
  /** Told the address as soon as it is chosen: clients may begin to try. */
  onAddress?: (brokers: string) => void;
  jvmFlags?: string[];
}

export interface Broker {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  port: number;
  pid: number;
  /** True when it was left running by an earlier start. */
  adopted: boolean;
  /** Asks it to stop, and kills it after 10 s. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** It keeps its connections and answers nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it if it still runs, and starts it on the same data and the same port. */
  restart(): Promise<Broker>;
}

/**
 * Starts a real Kafka broker (KRaft, broker and controller in one) on loopback, or adopts the one that still runs on
 * this folder and answers. It is ready when this resolves. The jars must be there (prepareKafka).
 * With `voters` it resolves when a majority of them is up, so start them together.
 * @throws Problem with the last lines of the broker's log.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const dir = path.resolve(options.dir);
  const kept = readPorts(dir);
  const running = await adopt(dir, kept?.port);
  if (running && kept) {
    options.onAddress?.(`127.0.0.1:${kept.port}`);
    return handle(options, running, kept.port, true);
  }
  const files = await brokerFiles();
  const ports = {
    port: await portLike(options.port ?? kept?.port),
    controllerPort: ownControllerPort(options) ?? (await portLike(kept?.controllerPort)),
  };
  options.onAddress?.(`127.0.0.1:${ports.port}`);
  fs.mkdirSync(dir, { recursive: true });
  writeWhole(path.join(dir, 'ports.json'), JSON.stringify(ports));
  writeWhole(path.join(dir, 'server.properties'), properties(dir, options, ports));
  await format(dir, files, options);
  return handle(options, await launch(dir, files, ports.port, options.jvmFlags), ports.port, false);
}

function handle(options: BrokerOptions, pid: number, port: number, adopted: boolean): Broker {
  const kill9 = async () => {
    signal(pid, 'SIGKILL');
    await gone(pid, 5_000);
  };
  return {
    brokers: `127.0.0.1:${port}`,
    port,
    pid,
    adopted,
    stop: () => endProcess(pid, { graceMs: 10_000 }),
    kill9,
    freeze: () => signal(pid, 'SIGSTOP'),
    thaw: () => signal(pid, 'SIGCONT'),
    restart: async () => {
      if (isAlive(pid)) await endProcess(pid);
      return startBroker({ ...options, port });
    },
  };
}

interface Ports {
  port: number;
  controllerPort: number;
}

function readPorts(dir: string): Ports | undefined {
  const file = path.join(dir, 'ports.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Ports) : undefined;
}

function ownControllerPort({ voters, nodeId = 1 }: BrokerOptions): number | undefined {
  const own = voters?.find((voter) => voter.startsWith(`${nodeId}@`));
  return own ? Number(own.slice(own.lastIndexOf(':') + 1)) : undefined;
}

/** By this argument a broker's process is known. */
export const brokerMark = (dir: string) => `-Dswitchyard.broker=${dir}`;

async function adopt(dir: string, port: number | undefined): Promise<number | undefined> {
  const [pid] = processesWith(brokerMark(dir));
  if (pid === undefined) return undefined;
  if (port && (await kafkaAnswers(`127.0.0.1:${port}`, 3_000))) return pid;
  await endProcess(pid, { graceMs: 3_000 });
  return undefined;
}

function properties(
  dir: string,
  { voters, nodeId = 1, extra = {} }: BrokerOptions,
  { port, controllerPort }: Ports,
): string {
  const copies = Math.min(3, voters?.length ?? 1);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': (voters ?? [`${nodeId}@127.0.0.1:${controllerPort}`]).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': path.join(dir, 'data'),
    'auto.create.topics.enable': false,
    // Without these a single broker never finds a group coordinator, and every first join takes 3 s.
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': Math.max(1, copies - 1),
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': Math.max(1, copies - 1),
    'group.initial.rebalance.delay.ms': 0,
    // After a kill -9 the controller waits for the old session: 2 s instead of 11 s until it is back.
    'broker.session.timeout.ms': 1000,
    'broker.heartbeat.interval.ms': 300,
    'log.segment.bytes': 64 * 1024 * 1024,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    ...extra,
  })
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
}

/** Formats the data folder once; one that a killed format has left half-made is made anew. */
async function format(dir: string, files: BrokerFiles, { voters }: BrokerOptions): Promise<void> {
  const data = path.join(dir, 'data');
  if (fs.existsSync(path.join(data, 'meta.properties'))) return;
  fs.rmSync(data, { recursive: true, force: true });
  // 16 bytes in base64url; the same for all brokers of one cluster, and not beginning with a dash.
  const seed = voters?.join() ?? randomUUID();
  const clusterId = `S${createHash('sha256').update(seed).digest('base64url').slice(0, 20)}A`;
  const args = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', path.join(dir, 'server.properties')];
  const env = { ...process.env, CLASSPATH: files.classPath };
  await promisify(execFile)(files.java.command, ['-Xshare:auto', '-XX:TieredStopAtLevel=1', ...args], { env });
}

async function launch(dir: string, files: BrokerFiles, port: number, jvmFlags: string[] = []): Promise<number> {
  const log = path.join(dir, 'broker.log');
  if (fs.existsSync(log)) fs.renameSync(log, `${log}.1`);
  const output = fs.openSync(log, 'w');
  const args = [
    brokerMark(dir),
    ...javaFlags(archiveFile(files)),
    ...jvmFlags,
    'kafka.Kafka',
    path.join(dir, 'server.properties'),
  ];
  // A process group of its own: the terminal's Ctrl-C must not stop the broker under a draining shop.
  const env = { ...process.env, CLASSPATH: files.classPath };
  const broker = spawn(files.java.command, args, { detached: true, stdio: ['ignore', output, output], cwd: dir, env });
  fs.closeSync(output);
  broker.unref();
  await untilStarted(broker, log, port);
  return broker.pid!;
}

async function untilStarted(broker: ChildProcess, log: string, port: number): Promise<void> {
  const end = Date.now() + 60_000;
  let failed: Error | undefined;
  broker.once('error', (error) => (failed = error));
  while (broker.exitCode === null && broker.signalCode === null && !failed && Date.now() < end) {
    if (
      fs.readFileSync(log, 'utf8').includes('Kafka Server started') &&
      (await kafkaAnswers(`127.0.0.1:${port}`, 3_000))
    )
      return;
    await pause(20);
  }
  if (broker.pid) signal(broker.pid, 'SIGKILL');
  const said = fs.readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Problem('broker_start', `Kafka does not start, ${log} ends with: ${failed?.message ?? said}`);
}
