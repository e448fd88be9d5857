import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { COLUMNS, type Column } from '../chaos/finding.js';
import { SUBSCRIBERS } from '../chaos/fleet.js';
import { Random } from '../chaos/random.js';
import type { FaultKind, PlannedFault, Wave } from '../chaos/schedule.js';
import { Stage } from '../chaos/stage.js';
import { storm, type Aftermath, type Plan } from '../chaos/storm.js';
import { build } from '../support/built.js';
import { buildMutant } from '../support/mutant.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LIMIT_MS = 300_000;
/** A shop that has lost something is settled as soon as one that has not: only a busy machine needs this. */
const SETTLED_MS = 60_000;

/** One process charges, the other does all else. */
const ROLES = [
  { name: 'front', subscribers: SUBSCRIBERS.filter((name) => name !== 'billing') },
  { name: 'billing', roles: 'subscribers', subscribers: ['billing'] },
];
const [FRONT, BILLING] = [0, 1];
const HABITS = { ordersPerSecond: 10, registers: 0, declined: 0, cancels: 0 };

const fault = (kind: FaultKind, more: Partial<PlannedFault>): PlannedFault => ({
  id: 1,
  kind,
  afterMs: 0,
  holdMs: 0,
  target: 0,
  ...more,
});
const inBilling = (kind: FaultKind, setting: string) =>
  fault(kind, { target: BILLING, failpoint: { part: 'subscribers', setting } });

const afterAnEffect = [inBilling('failpoint kill', 'effect.after-commit:kill@5')];
const beforeAnEffect = [inBilling('failpoint kill', 'effect.before-commit:kill@5')];
const handlersThrow = [inBilling('failpoint throw', 'delivery.before-handler:throw')];
/** Not before the first users are known everywhere. */
const LATER_MS = 2500;
const sendsFail = [fault('kafka cut', { afterMs: LATER_MS, holdMs: 9000 })];
const relayDiesWhileSendsFail = [
  fault('kafka cut', { afterMs: LATER_MS, holdMs: 4000 }),
  fault('process killed', { id: 2, afterMs: LATER_MS + 2000, target: FRONT }),
];
const slowSends = [fault('kafka delayed', { holdMs: 2000, target: 20 })];
const orderDies: Wave = [
  fault('failpoint kill', { target: FRONT, failpoint: { part: 'api', setting: 'request.after-commit:kill@5' } }),
];

/** What is taken away, the faults that show it, and the one column that must turn red. */
const TRIALS: [mutant: string, column: Column, faults: Wave][] = [
  ['mutants/inbox-mark-off.patch', 'twice', afterAnEffect],
  ['mutants/delete-before-publish.patch', 'lost', relayDiesWhileSendsFail],
  ['mutants/random-key.patch', 'outOfOrder', slowSends],
  ['chaos/offset-before-handler.patch', 'lost', beforeAnEffect],
  ['mutants/handler-error-swallowed.patch', 'lost', handlersThrow],
  ['mutants/failed-array-dropped.patch', 'lost', sendsFail],
];

const red = ({ verdict }: Aftermath) => COLUMNS.filter((column) => verdict.counts[column] > 0);

describe('the judge of a broken shop', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-judge-'));
  const stopping = new AbortController();
  let stage: Stage | undefined;
  let scenes = 0;

  beforeAll(async () => {
    build();
    await Stage.build(1, (built) => (stage = built));
  }, LIMIT_MS);
  afterAll(async () => {
    stopping.abort();
    await stage?.strike(false);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** There is no use in waiting long for an order that is lost. */
  async function trial(changed: Partial<Plan> & Pick<Plan, 'waves'>): Promise<Aftermath> {
    const scene = `scene${++scenes}`;
    await stage!.enter(scene, `${scene}.`);
    const plan: Plan = {
      mode: 'async',
      program: path.join(ROOT, 'dist', 'src', 'main.js'),
      roles: ROLES,
      habits: HABITS,
      poisons: 0,
      recoveryMs: 3000,
      settledMs: SETTLED_MS,
      ...changed,
    };
    return storm(stage!, plan, new Random(1), () => undefined, stopping.signal);
  }

  it(
    'finds nothing when no guard is taken away',
    async () => {
      const waves = [afterAnEffect, relayDiesWhileSendsFail, slowSends, beforeAnEffect, handlersThrow, sendsFail];
      const clean = await trial({ waves, recoveryMs: 60_000 });
      expect(clean.verdict.findings).toEqual([]);
      expect(clean.stuck).toEqual([]);
      expect(clean.faults.every(({ evidence }) => evidence)).toBe(true);
    },
    LIMIT_MS,
  );

  it.each(TRIALS)(
    '%s turns exactly %s red',
    async (mutant, column, faults) => {
      const program = buildMutant(mutant, fs.mkdtempSync(path.join(folder, 'tree-')));
      const aftermath = await trial({ program, waves: [faults] });
      expect(aftermath.verdict.findings.filter((finding) => finding.column !== column)).toEqual([]);
      expect(red(aftermath)).toEqual([column]);
    },
    LIMIT_MS,
  );

  it(
    'the control without an outbox loses what is ordered between commit and send',
    async () => {
      expect(red(await trial({ mode: 'async-dual-write', waves: [orderDies] }))).toContain('lost');
    },
    LIMIT_MS,
  );
});
