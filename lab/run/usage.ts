import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';

/** Linux counts a process's time in these. */
const TICK_MS = 10;

/** What the processes of a block have used so far; undefined where the system does not tell. */
export interface Reading {
  shopMs: number | undefined;
  postgresMs: number | undefined;
  brokerMs: number | undefined;
  walBytes: number;
  transactions: number;
  /** What the tables and indexes of the block's database take, and its topics on the broker. */
  storedBytes: number;
  /** By these it is known whether a server has been started again meanwhile. */
  servers: string;
}

export interface Pids {
  shop: readonly number[];
  postgres: number;
  broker: number | undefined;
  /** Where the broker keeps the topics of the block, as the beginning of the folders' names. */
  topics: string;
}

export async function readUsage(client: pg.Client, database: string, pids: Pids): Promise<Reading> {
  const { rows } = await client.query<{ wal: string; xacts: string; stored: string }>(
    `SELECT pg_current_wal_insert_lsn() - '0/0' AS wal,
       (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = $1) AS xacts,
       pg_database_size($1) AS stored`,
    [database],
  );
  return {
    shopMs: sumOf(pids.shop.map((pid) => cpuMs(pid))),
    postgresMs: treeMs(pids.postgres),
    brokerMs: pids.broker === undefined ? undefined : cpuMs(pids.broker),
    walBytes: Number(rows[0]!.wal),
    transactions: Number(rows[0]!.xacts),
    storedBytes: Number(rows[0]!.stored) + topicBytes(pids.topics),
    servers: `${pids.postgres} ${pids.broker}`,
  };
}

/** The index files beside the records are as long as they may become, and say nothing. */
function topicBytes(prefix: string): number {
  const home = path.dirname(prefix);
  if (!fs.existsSync(home)) return 0;
  const folders = fs.readdirSync(home).filter((name) => name.startsWith(path.basename(prefix)));
  const logs = folders.flatMap((name) =>
    fs.readdirSync(path.join(home, name)).flatMap((file) => (file.endsWith('.log') ? path.join(home, name, file) : [])),
  );
  return logs.reduce((sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Resident memory in MB; undefined when the process is gone or the system does not tell. */
export function rssMb(pid: number): number | undefined {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '') ?? [];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

/** On which cores a process may run, as the system writes it. */
export function coresOf(pid: number): string | undefined {
  return /^Cpus_allowed_list:\s+(\S+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
}

/** The settings that a process was really started with. */
export function environmentOf(pid: number): Record<string, string> | undefined {
  const text = read(`/proc/${pid}/environ`);
  if (!text) return undefined;
  const pairs = text.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** User and system time; `withDead` adds that of children that have ended. */
function cpuMs(pid: number, withDead = false): number | undefined {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  if (!fields) return undefined;
  const [user, system, deadUser, deadSystem] = fields.slice(11, 15) as [number, number, number, number];
  return (user + system + (withDead ? deadUser + deadSystem : 0)) * TICK_MS;
}

/** A server with a process for each connection: those that live, and those that it has seen end. */
function treeMs(pid: number): number | undefined {
  const own = cpuMs(pid, true);
  return own === undefined ? undefined : own + (sumOf(childrenOf(pid).map((child) => cpuMs(child) ?? 0)) ?? 0);
}

function childrenOf(parent: number): number[] {
  return (read(`/proc/${parent}/task/${parent}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

const sumOf = (values: (number | undefined)[]): number | undefined =>
  values.includes(undefined) ? undefined : (values as number[]).reduce((sum, value) => sum + value, 0);

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined; // it has ended, or this is not Linux
  }
}
