import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './folders.js';
import { endProcess, gone, processesWith, signal } from './processes.js';

/** What the application tells the process that has started it. */
type Message = { ready: true; url: string } | { step: string };

/** The application ended before it was ready; it has said why itself. */
export class EndedEarly extends Error {
  readonly code = 'ended_early';
  readonly retryable = false;
  constructor(readonly exitCode: number) {
    super(`The application ended with code ${exitCode} before it was ready.`);
  }
}

export interface App {
  pid: number;
  /** Resolves with its address; rejects with EndedEarly. */
  ready: Promise<string>;
  /** Its exit code, 1 when a signal ended it. */
  exited: Promise<number>;
  /** Lets it finish what it has begun, for at most 40 s: a handler may take 20 s. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

export interface AppOptions {
  /** A file descriptor for what it prints; our own output when left out. */
  output?: number | 'inherit';
  /** The file that is run; that of the build when left out. */
  main?: string;
}

/** By this argument the application's process is known. */
export const appMark = (home: string) => `--home=${home}`;

/**
 * Runs the application as a child in a process group of its own, so that the terminal's Ctrl-C reaches it through us
 * and only once. It shuts down by itself when we are killed: its channel to us closes.
 */
export function startApp(
  home: string,
  env: NodeJS.ProcessEnv,
  onStep: (sentence: string) => void,
  { output = 'inherit', main = path.join(projectRoot(), 'dist', 'src', 'main.js') }: AppOptions = {},
): App {
  const child = spawn(process.execPath, [main, appMark(home)], {
    env,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  const exited = exitOf(child);
  const ready = new Promise<string>((resolve, reject) => {
    let said = '';
    child.on('message', (message: Message) => {
      if ('ready' in message) return resolve(message.url);
      if (message.step !== said) onStep((said = message.step));
    });
    void exited.then((code) => reject(new EndedEarly(code)));
  });
  ready.catch(() => {}); // whoever waits for it hears of it; nobody may be waiting yet
  const pid = child.pid!;
  return {
    pid,
    ready,
    exited,
    stop: () => endProcess(pid, { graceMs: 40_000 }),
    kill9: async () => {
      signal(pid, 'SIGKILL', { group: true });
      await gone(pid, 5_000);
    },
  };
}

/** Waits for an application whose start was killed: it is finishing its work and still holds the port. */
export async function endLeftOverApp(home: string, say: (sentence: string) => void): Promise<void> {
  for (const pid of processesWith(appMark(home))) {
    if (await gone(pid, 500)) continue;
    say('The shop of a killed start is still finishing its work: waiting for it.');
    if (!(await gone(pid, 20_000))) await endProcess(pid);
  }
}

const exitOf = (child: ChildProcess) =>
  new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
