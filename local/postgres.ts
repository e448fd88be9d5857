import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { writeWhole } from './folders.js';
import { freePort, portLike } from './ports.js';
import { canReach, postgresBinaries, serverOwner, type Owner } from './postgres-binaries.js';
import { Problem } from './problem.js';
import { endProcess, gone, isAlive, processesWith, signal } from './processes.js';

export interface PostgresOptions {
  /** Holds the data, the password and the log; made when missing, used again when there. */
  dir: string;
  /** Wanted port, else that of the last time; another free one is taken when it is in use. */
  port?: number;
  /** Server settings such as `fsync=off` or `max_connections=300`. */
  flags?: string[];
}

export interface Postgres {
  port: number;
  pid: number;
  /** True when the server was left running by an earlier start. */
  adopted: boolean;
  /** The address of a database of this server, password included. */
  url(database: string): string;
  /** Makes the database unless it is there. */
  ensureDatabase(database: string): Promise<void>;
  /** Ends connections and stops; at most about 20 s. */
  stop(): Promise<void>;
  /** What a power cut does to the server process. */
  kill9(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  restart(): Promise<Postgres>;
}

interface Place {
  home: string;
  data: string;
  log: string;
  bin: string;
  owner: Owner | undefined;
}

/**
 * Starts a PostgreSQL 18 of our own, or adopts the one that still runs on this folder. Survives whatever happened
 * before: a kill -9 of the server, a half-made data folder, a stale postmaster.pid.
 * @throws Problem with one sentence that names the fix.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const place = prepare(options.dir);
  const password = await createCluster(place);
  const adopted = await adopt(place, password);
  const { pid, port } = adopted ?? (await launch(place, options));
  const url = (database: string) => `postgres://app:${password}@127.0.0.1:${port}/${database}`;
  return {
    port,
    pid,
    adopted: adopted !== undefined,
    url,
    ensureDatabase: (database) => ensureDatabase(url('postgres'), database),
    stop: async () => {
      signal(pid, 'SIGCONT');
      signal(pid, 'SIGINT'); // "fast": ends the connections, then stops in good order
      if (!(await gone(pid, 20_000))) await endProcess(pid, { ask: 'SIGQUIT' });
    },
    kill9: async () => {
      signal(pid, 'SIGKILL');
      await gone(pid, 5_000);
    },
    restart: () => startPostgres({ ...options, port }),
  };
}

function prepare(dir: string): Place {
  const owner = serverOwner();
  const home = path.resolve(dir);
  fs.mkdirSync(home, { recursive: true });
  if (owner) {
    fs.chmodSync(home, 0o755);
    fs.chownSync(home, owner.uid, owner.gid);
  }
  if (!canReach(home, owner)) {
    const sentence = `PostgreSQL cannot run as root, and its user ${owner?.name} cannot reach ${home}: set SWITCHYARD_HOME=/var/tmp/switchyard, or run npm start as another user.`;
    throw new Problem('unreachable_folder', sentence);
  }
  return {
    home,
    data: path.join(home, 'data'),
    log: path.join(home, 'postgres.log'),
    bin: postgresBinaries(owner),
    owner,
  };
}

/** Makes the data folder beside its place, so that a killed initdb leaves nothing that looks finished. */
async function createCluster(place: Place): Promise<string> {
  const passwordFile = path.join(place.home, 'password');
  if (!fs.existsSync(path.join(place.data, 'PG_VERSION'))) {
    const aside = `${place.data}.new`;
    fs.rmSync(aside, { recursive: true, force: true });
    writeWhole(passwordFile, `${randomBytes(16).toString('hex')}\n`, 0o600);
    if (place.owner) fs.chownSync(passwordFile, place.owner.uid, place.owner.gid);
    const locale = ['-E', 'UTF8', '--locale=C.UTF-8', '--locale-provider=builtin'];
    const made = await run(place, 'initdb', [
      '-D',
      aside,
      '-U',
      'app',
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      ...locale,
    ]);
    if (made.code !== 0)
      throw new Problem('initdb', `PostgreSQL could not make its data in ${place.home}: ${lastLines(made.output)}`);
    fs.rmSync(place.data, { recursive: true, force: true });
    fs.renameSync(aside, place.data);
  }
  return fs.readFileSync(passwordFile, 'utf8').trim();
}

/** The server that still runs on our data, once it answers; one that hangs is ended, its log replays. */
async function adopt(place: Place, password: string): Promise<{ pid: number; port: number } | undefined> {
  const pidFile = path.join(place.data, 'postmaster.pid');
  const pid = await serverOn(place.data, pidFile);
  if (pid === undefined) {
    disownPid(pidFile);
    return undefined;
  }
  const end = Date.now() + 60_000;
  for (let silences = 0; silences < 2 && isAlive(pid) && Date.now() < end; await pause(50)) {
    const port = Number(readLines(pidFile)[3]);
    const said = port ? await ask(`postgres://app:${password}@127.0.0.1:${port}/postgres`) : 'not yet';
    if (said === 'yes') return { pid, port };
    if (said === 'nothing') silences += 1;
  }
  await endProcess(pid, { ask: 'SIGQUIT', graceMs: 5_000 });
  return undefined;
}

/** The server process of this data folder; a pg_ctl that a dead launcher has left is given time to finish. */
async function serverOn(data: string, pidFile: string): Promise<number | undefined> {
  const end = Date.now() + 10_000;
  for (;;) {
    const pids = processesWith(data);
    const named = Number(readLines(pidFile)[0]);
    if (pids.length === 0 || pids.includes(named)) return pids.length === 0 ? undefined : named;
    if (Date.now() > end) await Promise.all(pids.map((pid) => endProcess(pid, { graceMs: 1_000 })));
    await pause(20);
  }
}

/**
 * PostgreSQL refuses to start while the pid in this file exists, also as a zombie or as another program. The other
 * lines stay: by them it waits until the children of the dead server have let go of its memory.
 */
function disownPid(pidFile: string): void {
  const NOBODY = '2147483646';
  const [, ...rest] = readLines(pidFile);
  if (rest.length > 0) fs.writeFileSync(pidFile, [NOBODY, ...rest].join('\n'));
}

async function launch(place: Place, options: PostgresOptions): Promise<{ pid: number; port: number }> {
  const flags = [
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    'wal_level=logical',
    ...(options.flags ?? []),
  ];
  const settings = flags.flatMap((flag) => ['-c', flag]).join(' ');
  const end = Date.now() + 15_000;
  const [, kept] = /"-p" "(\d+)"/.exec(readLines(path.join(place.data, 'postmaster.opts')).join()) ?? [];
  let port = await portLike(options.port ?? Number(kept));
  for (;;) {
    const logged = fs.statSync(place.log, { throwIfNoEntry: false })?.size ?? 0;
    const started = await run(place, 'pg_ctl', [
      'start',
      '-w',
      '-t',
      '60',
      '-D',
      place.data,
      '-l',
      place.log,
      '-o',
      `-p ${port} ${settings}`,
    ]);
    if (started.code === 0) return { pid: Number(readLines(path.join(place.data, 'postmaster.pid'))[0]), port };
    const said = fs.existsSync(place.log) ? fs.readFileSync(place.log, 'utf8').slice(logged) : started.output;
    // The children of a killed server hold its memory, and a dead parent its pid, for a moment.
    const mayPass = /shared memory|lock file|could not bind|could not create any TCP/.test(said);
    if (!mayPass || Date.now() > end)
      throw new Problem('postgres_start', `PostgreSQL does not start in ${place.home}: ${lastLines(said)}`);
    if (/could not bind|could not create any TCP/.test(said)) port = await freePort();
    await pause(100);
  }
}

/** What a server says to a client; "not yet" while it replays its log or shuts down. */
async function ask(url: string): Promise<'yes' | 'not yet' | 'nothing'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return 'yes';
  } catch (error) {
    return (error as { code?: string }).code === '57P03' ? 'not yet' : 'nothing';
  } finally {
    void client.end().catch(() => {});
  }
}

async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(database)}`);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== '42P04' && code !== '23505') throw error; // there already, or made by another at this moment
  } finally {
    await client.end();
  }
}

function run(place: Place, program: string, args: string[]): Promise<{ code: number; output: string }> {
  const ids = place.owner ? { uid: place.owner.uid, gid: place.owner.gid } : {};
  const env = { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile(path.join(place.bin, program), args, { ...ids, cwd: place.home, env }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: stdout + stderr || (error?.message ?? '') }),
    );
  });
}

const lastLines = (text: string) => text.trim().split('\n').slice(-5).join('\n');

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
