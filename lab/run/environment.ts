import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { projectRoot } from '../../local/folders.js';
import { kafkaVersion } from '../../local/kafka-jars.js';
import type { Stage } from '../arms/stage.js';
import type { RunResult } from '../model/run-result.js';

type Environment = Omit<RunResult['env'], 'fairness' | 'idleBroker'>;

/** On what a run has run. */
export async function environment(stage: Stage | undefined): Promise<Environment> {
  const cores = os.cpus();
  const version = await stage
    ?.asAdmin(async (client) => (await client.query<{ server_version: string }>('SHOW server_version')).rows[0])
    .catch(() => undefined);
  return {
    machine: `${cores[0]?.model.trim() ?? 'unknown'}, ${os.type()} ${os.release()}`,
    cores: os.availableParallelism(),
    memoryGb: Math.round((os.totalmem() / 2 ** 30) * 10) / 10,
    node: process.version,
    postgres: version?.server_version ?? 'unknown',
    kafka: stage?.broker ? kafkaVersion() : null,
  };
}

/** The commit that runs, `+` when files differ from it; `unknown` outside of a repository. */
export function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

/** What a single host cannot show, whatever is measured on it. */
export const CAVEATS = [
  'All processes share one host: the network is loopback, and what one process uses the others lack.',
  'There is one broker without replicas: acknowledging costs less, and losing it costs more, than in a cluster.',
  'Payment provider, carrier and mail server are stand-ins that answer at once unless a scenario slows them.',
];
