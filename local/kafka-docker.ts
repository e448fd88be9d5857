import { execFile } from 'node:child_process';
import { outputOf } from './java.js';
import { projectRoot } from './folders.js';
import { Problem } from './problem.js';

/** Where docker-compose.yml publishes its broker. */
const COMPOSE_BROKERS = '127.0.0.1:9092';

/** Whether a Docker engine answers, and its client knows compose files. */
export async function haveDocker(): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    outputOf('docker', ['info', '--format', '{{.ServerVersion}}']),
    outputOf('docker', ['compose', 'version', '--short']),
  ]);
  return engine.trim() !== '' && compose.trim() !== '';
}

/** Starts the compose service `kafka` and waits until it is healthy; it is stopped, and its data kept, by `stop`. */
export async function startDockerKafka(): Promise<{ brokers: string; stop: () => Promise<void> }> {
  await compose(['up', '-d', '--wait', 'kafka']);
  return { brokers: COMPOSE_BROKERS, stop: () => compose(['stop', 'kafka']) };
}

function compose(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('docker', ['compose', ...args], { cwd: projectRoot() }, (error, _stdout, stderr) => {
      if (!error) return resolve();
      const why = stderr.trim().split('\n').at(-1) ?? error.message;
      reject(
        new Problem(
          'docker_kafka',
          `docker compose ${args.join(' ')} failed (${why}): mend it, install Java 17 and Maven, or set KAFKA_BROKERS.`,
        ),
      );
    });
  });
}
