import { callsDirectly } from '../model/arm.js';
import fs from 'node:fs';
import path from 'node:path';
import { settingsOf } from '../arms/settings.js';
import type { Stage } from '../arms/stage.js';
import { removeTopics } from '../arms/topics.js';
import { keysElsewhere } from '../checker/check-run.js';
import { planOrders } from '../load/arrivals.js';
import { Recorder, Sequence } from '../load/recorder.js';
import type { HistoryWriter } from '../model/history-file.js';
import { type Plan, type PlannedBlock, writePlan } from '../model/plan.js';
import type { Block } from '../model/run-result.js';
import { blockOf } from './block-of.js';
import { type BlockSpec, planned } from './block-spec.js';
import { judgeBlock, type Judged } from './judge-block.js';
import { Live } from './live.js';
import { type Loaded, loadBlock } from './load-block.js';
import { type Purchase, purchasesOf } from './orders-done.js';
import type { Outcome } from './outcome.js';
import { USERS, warmUp } from './warm-up.js';

/** What came of a block, for its scenario. */
export interface Run {
  spec: BlockSpec;
  block: Block;
  purchases: readonly Purchase[];
  judged: Judged;
  live: Live;
}

/** A block whose shop is warm and waits for its load. */
export interface Opened {
  spec: BlockSpec;
  entry: PlannedBlock;
  live: Live;
}

/** Runs blocks, and keeps all that they say in the folder of the run. */
export class Bench {
  private readonly plan: Plan;
  private readonly sequence = new Sequence();
  private readonly recorders: Recorder[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(
    readonly stage: Stage,
    readonly outcome: Outcome,
    private readonly history: HistoryWriter,
    readonly seed: number,
    readonly stopping: AbortSignal,
    private readonly say: (sentence: string) => void,
  ) {
    this.plan = { seed, command: outcome.command, blocks: [] };
    fs.mkdirSync(path.join(outcome.folder, 'logs'), { recursive: true });
  }

  /** Starts the shop of a block on a database and with topics of its own, and lets it become warm. */
  async open(spec: BlockSpec): Promise<Opened> {
    const entry = this.enter(spec);
    const recorder = new Recorder(entry.id, this.history, this.sequence);
    this.recorders.push(recorder);
    const name = entry.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
    const { folder } = this.outcome;
    const place = { database: `block_${name}`, topicPrefix: `${name.replaceAll('_', '-')}.`, folder };
    await this.stage.heal();
    await this.stage.makeDatabase(place.database);
    const env = { ...this.stage.env(place.database, place.topicPrefix), PORT: '0' };
    const live = new Live(spec, this.stage, recorder, place, settingsOf(spec.arm, env, spec.settings), this.stopping);
    live.orders = planOrders({
      seed: this.seed,
      pair: `${spec.scenario} ${spec.variantValue ?? ''} ${spec.pair}`,
      block: entry.id,
      stretches: spec.stretches,
      spacing: spec.spacing ?? 'poisson',
      users: spec.users ?? USERS,
    });
    const opened = { spec, entry, live };
    try {
      recorder.mark('start');
      await live.start();
      await warmUp(live, spec, this.seed);
      await this.outcome.fairness.read(live);
      return opened;
    } catch (error) {
      await this.close(opened);
      throw error;
    }
  }

  /** The part that is measured: while it runs, nothing else may. The shop is gone when it rejects. */
  async load(opened: Opened): Promise<Loaded> {
    try {
      return await loadBlock(opened.live, opened.spec);
    } catch (error) {
      await this.close(opened);
      throw error;
    }
  }

  /** Judges a block and ends its shop; runs it once again when it was not sent the load that was planned. */
  async conclude(opened: Opened, loaded: Loaded): Promise<Run> {
    const run = await this.judge(opened, loaded).finally(() => this.close(opened));
    const { block, spec } = run;
    if (block.valid || loaded.overloadedBecause || this.isRepeat(block)) return run;
    this.say(`${block.id} does not count and is run once again: ${block.invalidBecause}`);
    const again = await this.open(spec);
    return this.judge(again, await this.load(again)).finally(() => this.close(again));
  }

  /** Ends what still runs of a block, and removes its things. */
  async close({ spec, live }: Opened): Promise<void> {
    await live.end();
    await this.stage.dropDatabase(live.place.database).catch(() => undefined);
    if (spec.arm.needsKafka) await removeTopics(this.stage, live.place.topicPrefix);
  }

  private async judge({ spec, entry, live }: Opened, loaded: Loaded): Promise<Run> {
    const { recorder } = live;
    const lines = this.recorders.flatMap((one) => one.lines);
    const judged = await judgeBlock(this.outcome.folder, entry, live, keysElsewhere(lines, entry.id));
    await spec.epilogue?.(live);
    const purchases = purchasesOf(recorder.invokes, recorder.outcomes, live.loadMs, judged.effectsOf);
    const block = blockOf(spec, live, loaded, judged, purchases);
    this.outcome.fairness.connectionsSeen(spec.arm.name, loaded.watch.connections, live.atOnce);
    const idle = callsDirectly(spec.arm) ? loaded.watch.broker : undefined;
    if (idle && !spec.during) this.outcome.idleBroker.push(idle);
    this.outcome.blocks.push(block);
    return { spec, block, purchases, judged, live };
  }

  /** The plan says what is to come before anything of it happens. */
  private enter(spec: BlockSpec): PlannedBlock {
    const { scenario, arm, pair, variant, poisonKeys = [], allowed = {}, expectsFaults = 0 } = spec;
    const about = `${scenario}.${arm.name}`;
    const number = (this.numbers.get(about) ?? 0) + 1;
    this.numbers.set(about, number);
    const id = [about, number, variant?.replaceAll(/[^A-Za-z0-9-]+/g, '-')].filter(Boolean).join('.');
    const { orders, rate } = planned(spec);
    const load = { plannedRate: rate, planned: orders };
    const entry = {
      id,
      scenario,
      arm: arm.name,
      pair,
      variant,
      ...load,
      poisonKeys: [...poisonKeys],
      allowed,
      expectsFaults,
    };
    this.plan.blocks.push(entry);
    writePlan(this.outcome.folder, this.plan);
    return entry;
  }

  private isRepeat(block: Block): boolean {
    const { scenario, arm, pair, variant } = block;
    const same = this.outcome.blocks.filter(
      (one) => one.scenario === scenario && one.arm === arm && one.pair === pair && one.variant === variant,
    );
    return same.length > 1;
  }
}
