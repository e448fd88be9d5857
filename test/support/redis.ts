import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/ports.js';

/** A Redis server of its own, which keeps nothing on disk. */
export interface Redis {
  url: string;
  /** Answers nobody from now on, and keeps its connections open. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** An empty server on the same port. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

/** @throws when `redis-server` is not on the PATH, with a sentence that says how to install it. */
export async function startRedis(): Promise<Redis> {
  const dir = mkdtempSync(join(tmpdir(), 'switchyard-redis-'));
  const port = await freePort();
  let server = await launch(port, dir);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill,
    startAgain: async () => {
      server = await launch(port, dir);
    },
    close: async () => {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function launch(port: number, dir: string): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let log = '';
    server.once('error', () =>
      reject(new Error('redis-server is not on the PATH: install it, on Debian with apt-get install redis-server.')),
    );
    server.once('exit', () => reject(new Error(`redis-server ended before it was ready:\n${log}`)));
    server.stdout.on('data', (part: Buffer) => {
      log += part.toString();
      if (log.includes('Ready to accept connections')) resolve(server);
    });
  });
}
