import { execFile } from 'node:child_process';
import path from 'node:path';

export interface Java {
  command: string;
  /** 8, 11, 17 …: what `java -version` says, also for old names such as 1.8. */
  major: number;
  /** The whole version, fit for a file name. */
  version: string;
}

/** The oldest Java that Kafka 4 runs on. */
export const NEEDED_JAVA = 17;

/**
 * The first Java that is new enough, of JAVA_HOME and PATH in this order; else the best that was found, else none.
 * Judged by what it prints: a `java` on PATH may be old, or a stub that only offers to install one.
 */
export function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java | undefined> {
  const where = `${env.JAVA_HOME}:${env.PATH}`;
  const known = found.get(where) ?? lookForJava(env);
  found.set(where, known);
  return known;
}

/** Asking costs a tenth of a second, and a start asks three times. */
const found = new Map<string, Promise<Java | undefined>>();

async function lookForJava(env: NodeJS.ProcessEnv): Promise<Java | undefined> {
  const commands = [...(env.JAVA_HOME ? [path.join(env.JAVA_HOME, 'bin', 'java')] : []), 'java'];
  const all: Java[] = [];
  for (const command of commands) {
    const version = parseJavaVersion(await outputOf(command, ['-version'], env));
    if (version) all.push({ command, ...version });
    if (version && version.major >= NEEDED_JAVA) return all.at(-1);
  }
  return all.sort((a, b) => b.major - a.major)[0];
}

/** Reads the output of `java -version`; undefined when it is not that. */
export function parseJavaVersion(output: string): { major: number; version: string } | undefined {
  const [, version] = /\bversion "([^"]+)"/.exec(output) ?? [];
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
  if (!version || !first) return undefined;
  const major = first === '1' && second ? Number(second) : Number(first);
  const build = /\(build ([^)]+)\)/.exec(output)?.[1] ?? version;
  return { major, version: build.replace(/[^\w.+-]/g, '_') };
}

/** What a command prints, errors included; empty when it does not run or takes longer than 10 s. */
export function outputOf(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: 10_000 }, (error, stdout, stderr) => resolve(error ? '' : stdout + stderr));
  });
}
