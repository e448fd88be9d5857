import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder, projectRoot } from './folders.js';
import { outputOf } from './java.js';
import { Problem } from './problem.js';
import { isAlive } from './processes.js';

/** Told what has arrived so far while the jars are fetched for the first time. */
export type OnProgress = (sentence: string) => void;

const pom = () => path.join(projectRoot(), 'local', 'kafka.pom.xml');

/** The Kafka release that the committed pom names. */
export function kafkaVersion(): string {
  const [, version] = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)</.exec(fs.readFileSync(pom(), 'utf8')) ?? [];
  if (!version) throw new Error(`${pom()} names no version of kafka_2.13.`);
  return version;
}

/** Where the jars are, or will be. */
export const jarFolder = () => path.join(cacheFolder(), `kafka-${kafkaVersion()}`);

/** Whether the jars are there: the folder appears complete or not at all. */
export const haveJars = () => fs.existsSync(jarFolder());

/** Whether Maven runs here. */
export const haveMaven = async () => (await outputOf('mvn', ['-v'])).includes('Apache Maven');

/**
 * Brings the jars of the broker by Maven, once for each user. They are fetched beside their place and renamed into it:
 * a killed download leaves no half set, and two starts at once do no harm.
 * @throws Problem when Maven is missing or fails.
 */
export async function fetchJars(onProgress: OnProgress): Promise<string> {
  const place = jarFolder();
  if (haveJars()) return place;
  if (!(await haveMaven()))
    throw new Problem(
      'no_maven',
      'Kafka has to be fetched once and Maven is not installed: install Maven, or set KAFKA_BROKERS.',
    );
  fs.mkdirSync(path.dirname(place), { recursive: true });
  sweep(path.dirname(place));
  const aside = fs.mkdtempSync(`${place}.fetching-${process.pid}-`);
  await runMaven(aside, onProgress);
  try {
    fs.renameSync(aside, place);
  } catch (error) {
    if (!haveJars()) throw error; // else another start was faster
    fs.rmSync(aside, { recursive: true, force: true });
  }
  return place;
}

/** Removes what killed downloads have left. */
function sweep(cache: string): void {
  for (const name of fs.readdirSync(cache)) {
    const [, pid] = /\.fetching-(\d+)-/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}

function runMaven(folder: string, onProgress: OnProgress): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  // Its own group: the terminal's Ctrl-C reaches only us, and we end it with all its children.
  const maven = spawn('mvn', ['-B', '-f', pom(), ...goal], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const endIt = () => maven.pid && process.kill(-maven.pid, 'SIGKILL');
  process.once('exit', endIt);
  const errors: string[] = [];
  let jars = 0;
  createInterface(maven.stdout).on('line', (line) => {
    if (/Downloaded .*\.jar/.test(line)) onProgress(`${(jars += 1)} jars fetched`);
    if (line.includes('[ERROR]')) errors.push(line.replace(/^.*\[ERROR\]\s*/, ''));
  });
  createInterface(maven.stderr).on('line', (line) => errors.push(line));
  return new Promise((resolve, reject) => {
    maven.once('error', reject);
    maven.once('close', (code) => {
      process.off('exit', endIt);
      if (code === 0) return resolve();
      fs.rmSync(folder, { recursive: true, force: true });
      const why = errors.find((line) => line.trim()) ?? `it ended with code ${code}`;
      reject(
        new Problem(
          'maven_failed',
          `Maven could not fetch Kafka: ${why.trim().slice(0, 300)} (check the network, or set KAFKA_BROKERS).`,
        ),
      );
    });
  });
}
