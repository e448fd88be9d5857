import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jsonBeside } from '../../lab/report/write-report.js';
import { RunResult } from '../../lab/model/run-result.js';
import { checkRun } from '../../lab/checker/check-run.js';
import { takeLock } from '../../local/lock.js';
import { endLeftOvers, leftOvers } from '../../local/left-overs.js';
import { until } from '../support/until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LIMIT_MS = 240_000;
/** One scenario, two arms that need no broker, few orders. */
const TINY = ['S13', '--arms', 'sync-hardened,async-local', '--rate', '6'];

interface Ended {
  code: number | null;
  output: string;
}

let home: string;
let child: ChildProcess | undefined;

/** Runs what `npm run compare` runs. */
function compare(...words: string[]): Promise<Ended> {
  const script = path.join(ROOT, 'local', 'launch.mjs');
  child = spawn(process.execPath, [script, 'compare', ...words, '--report', path.join(home, 'report.html')], {
    cwd: ROOT,
    env: { ...process.env, SWITCHYARD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => child!.once('close', (code) => resolve({ code, output })));
}

const lab = () => path.join(home, 'lab');
const runFolder = () => path.join(lab(), 'runs', fs.readdirSync(path.join(lab(), 'runs')).at(-1)!);
const resultOf = () => RunResult.parse(JSON.parse(fs.readFileSync(path.join(runFolder(), 'result.json'), 'utf8')));

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-compare-'));
  // Root starts PostgreSQL as another user, who has to come through here.
  fs.chmodSync(home, 0o755);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await endLeftOvers(path.join(lab(), 'servers'), { graceMs: 0 });
  fs.rmSync(home, { recursive: true, force: true });
});

describe('npm run compare', () => {
  it(
    'runs two designs against each other, keeps what it found, and leaves nothing running',
    async () => {
      const { code, output } = await compare(...TINY);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('S13') });
      const result = resultOf();
      expect(result).toMatchObject({ complete: true, verdict: 'as predicted', tier: 'chosen', seed: 1 });
      expect(result.blocks.map(({ arm }) => arm).sort()).toEqual(['async-local', 'sync-hardened']);
      for (const { metrics, checks, valid } of result.blocks) {
        expect(valid).toBe(true);
        expect(metrics).toMatchObject({ acceptedShare: 1, lost: 0, twice: 0 });
        expect(metrics.effectsP95Ms).toBeGreaterThan(0);
        expect(checks.filter(({ verdict }) => verdict !== 'PASS')).toEqual([]);
      }
      expect(result.env.fairness.filter(({ equal }) => !equal)).toEqual([]);
      expect(fs.existsSync(path.join(home, 'report.html'))).toBe(true);
      expect(RunResult.parse(JSON.parse(fs.readFileSync(jsonBeside(path.join(home, 'report.html')), 'utf8')))).toEqual(
        result,
      );
      // The folder alone is enough to judge it once more.
      expect(checkRun(runFolder()).map(({ surprises }) => surprises)).toEqual([[], []]);
      expect(leftOvers(path.join(lab(), 'servers'))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'can be stopped in the middle: what was measured is kept and marked, and nothing is left running',
    async () => {
      const ending = compare(...TINY);
      const history = () => {
        const file = fs.existsSync(path.join(lab(), 'runs')) && path.join(runFolder(), 'history.jsonl');
        return file && fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
      };
      const loading = () => history().includes('"type":"load"');
      await until('the load of the first block', () => Promise.resolve(loading()), LIMIT_MS / 2);
      child!.kill('SIGINT');
      const { code, output } = await ending;
      expect({ code, output }).toEqual({ code: 130, output: expect.stringContaining('nothing is left running') });
      expect(resultOf()).toMatchObject({ complete: false, incompleteBecause: expect.stringContaining('Ctrl-C') });
      expect(leftOvers(path.join(lab(), 'servers'))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'refuses a second one beside it in one sentence',
    async () => {
      fs.mkdirSync(lab());
      takeLock(path.join(lab(), 'compare.lock'));
      const { code, output } = await compare(...TINY);
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining(
          `Another npm run compare (process ${process.pid}) runs here: wait for it, or stop it.`,
        ),
      });
    },
    LIMIT_MS,
  );
});
