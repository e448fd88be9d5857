import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runningOn } from '../chaos/left-behind.js';
import type { Outcome } from '../chaos/run.js';
import { FAULT_KINDS } from '../chaos/schedule.js';
import { build } from '../support/built.js';
import { until } from '../support/until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Draws every kind of fault within the first 19, and short ones. */
const SEED = '1322';
const LIMIT_MS = 300_000;

/** `npm run chaos` in a folder for its data of its own. */
class Run {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(folder: string, ...args: string[]) {
    const command = [path.join(ROOT, 'local', 'launch.mjs'), 'chaos', ...args];
    this.child = spawn(process.execPath, command, { cwd: ROOT, env: { ...process.env, TMPDIR: folder } });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

describe('a shop that is broken again and again', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-chaos-test-'));
  let run: Run | undefined;

  beforeAll(() => {
    fs.chmodSync(folder, 0o755); // root starts PostgreSQL as another user, who has to come through here
    build();
  }, LIMIT_MS);
  afterEach(async () => {
    run?.signal('SIGTERM');
    await run?.ended;
  }, LIMIT_MS);
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it(
    'loses nothing, repeats nothing and keeps the order through 20 faults of every kind',
    async () => {
      const [page, history] = [path.join(folder, 'chaos.md'), path.join(folder, 'history.json')];
      run = new Run(folder, '--faults', '20', '--seed', SEED, '--record', page, '--history', history);
      const code = await run.ended;
      expect({ code, output: run.output }).toEqual({ code: 0, output: expect.any(String) });
      const { verdict, faults } = JSON.parse(fs.readFileSync(history, 'utf8')) as Outcome;
      expect(verdict.findings).toEqual([]);
      expect(verdict.judged.orders).toBeGreaterThan(100);
      expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
      expect(fs.readFileSync(page, 'utf8')).toContain(`npm run chaos -- --faults 20 --seed ${SEED} --brokers 1`);
    },
    LIMIT_MS,
  );

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'leaves nothing running after %s',
    async (signal) => {
      run = new Run(folder, '--faults', '1', '--seed', SEED);
      const { ended } = run;
      await until('the first fault', () => run!.output.includes('0 of 1 faults'), 120_000);
      expect(runningOn(folder).length).toBeGreaterThan(5);
      run.signal(signal);
      expect(await ended).toBe(signal === 'SIGINT' ? 130 : null);
      await until('every process to have ended', () => runningOn(folder).length === 0, 20_000);
      await until('its data to be removed', () => fs.readdirSync(folder).every((name) => !/^switchyard-/.test(name)));
    },
    LIMIT_MS,
  );

  it.each([
    [['--faults', 'many'], 'Write a whole number from 1 to 10000.'],
    [['--brokers', '2'], 'Write 1 or 3.'],
    [['--mode', 'sync'], 'Write async or async-dual-write.'],
    [['--colour', 'red'], "unknown option '--colour'"],
    [['20'], 'too many arguments'],
    [['--record', 'package.json/chaos.md'], 'cannot be written'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    run = new Run(folder, ...args);
    expect(await run.ended).toBe(1);
    expect(run.output).toContain(sentence);
    expect(run.output.trim().split('\n')).toHaveLength(1);
  });
});
