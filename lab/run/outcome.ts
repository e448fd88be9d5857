import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../local/problem.js';
import type { Stage } from '../arms/stage.js';
import { ARM_NAMES, ARMS, type ArmName } from '../model/arm.js';
import type { Block, RunResult, ScenarioResult } from '../model/run-result.js';
import { headline } from '../report/headline.js';
import { kafkaSentence } from '../report/kafka-sentence.js';
import { type Floor, noiseFloor } from '../statistics/index.js';
import { CAVEATS, commit, environment } from './environment.js';
import { Fairness } from './fairness.js';
import type { Options } from './options.js';

const RESERVE_BYTES = 8 * 1024 * 1024;
export const RESULT_FILE = 'result.json';

/** All that a run has found so far. */
export class Outcome {
  readonly blocks: Block[] = [];
  readonly scenarios: ScenarioResult[] = [];
  readonly waterfalls: RunResult['waterfalls'] = [];
  readonly fairness = new Fairness();
  readonly idleBroker: { cpuShare: number; rssMb: number }[] = [];
  /** Why the run was not finished. */
  brokenOff: string | undefined;
  private env: Omit<RunResult['env'], 'fairness' | 'idleBroker'> | undefined;
  private noKafka: string | undefined;
  private readonly began = new Date();
  /** On a disk that has become full, the result takes the place of this file. */
  private readonly reserve: string;

  constructor(
    readonly options: Options,
    readonly command: string,
    readonly folder: string,
  ) {
    this.reserve = path.join(folder, 'reserve');
    try {
      fs.writeFileSync(this.reserve, Buffer.alloc(RESERVE_BYTES));
    } catch (error) {
      fs.rmSync(this.reserve, { force: true });
      const reason = (error as Error).message;
      throw new Problem('disk_full', `What is measured cannot be kept in ${folder}: ${reason}. Make room there.`);
    }
  }

  /** The servers are up: from here on it is known what can run. */
  async staged(stage: Stage): Promise<void> {
    this.env = await environment(stage);
    this.noKafka = stage.noKafka;
  }

  canRun(arm: ArmName): boolean {
    return !(ARMS[arm].needsKafka && this.noKafka);
  }

  get floor(): Floor {
    return noiseFloor(this.blocks, this.options.seed);
  }

  keep(scenario: ScenarioResult): void {
    this.scenarios.push(scenario);
    this.write();
  }

  breakOff(because: string): void {
    this.brokenOff ??= because;
    fs.rmSync(this.reserve, { force: true });
  }

  async finish(): Promise<void> {
    this.env ??= await environment(undefined);
    fs.rmSync(this.reserve, { force: true });
  }

  get result(): RunResult {
    const { options, blocks, floor } = this;
    const { seed, tier, scenarios } = options;
    const because = this.brokenOff ?? (this.noKafka && `There is no Kafka here: ${this.noKafka}`);
    const ground = { blocks: this.blocks, floor, seed };
    return {
      schema: 'switchyard/compare/1',
      tier: scenarios.length > 0 || options.arms ? 'chosen' : tier,
      command: this.command,
      startedAt: this.began.toISOString(),
      tookS: Math.round((Date.now() - this.began.getTime()) / 100) / 10,
      seed,
      commit: commit(),
      complete: because === undefined,
      incompleteBecause: because,
      caveats: [...CAVEATS, ...(tier === 'quick' ? [ROUGH] : [])],
      env: { ...this.env!, fairness: this.fairness.rows(), idleBroker: this.middleOfIdleBroker() },
      floor,
      arms: ARM_NAMES.map((name) => this.armOf(name)),
      scenarios: this.scenarios,
      blocks,
      headline: headline(ground),
      kafkaSentence: kafkaSentence(ground),
      waterfalls: this.waterfalls,
      verdict: this.verdict,
    };
  }

  /** A surprise is news even when something else stayed unknown. */
  get verdict(): RunResult['verdict'] {
    const outcomes = this.scenarios.flatMap(({ predictions }) => predictions.map(({ outcome }) => outcome));
    if (outcomes.includes('surprise')) return 'surprise';
    const unequal = this.fairness.rows().some(({ equal }) => !equal);
    return outcomes.length === 0 || outcomes.includes('unknown') || unequal ? 'unknown' : 'as predicted';
  }

  /** Replaces the file in one step, and gives what stands in it. */
  write(): RunResult {
    const { result } = this;
    const file = path.join(this.folder, RESULT_FILE);
    try {
      fs.writeFileSync(`${file}.new`, `${JSON.stringify(result, undefined, 1)}\n`);
      fs.renameSync(`${file}.new`, file);
    } catch (error) {
      const why = (error as Error).message;
      throw new Problem('result_not_written', `The result ${file} cannot be written (${why}): free some space.`);
    }
    return result;
  }

  private armOf(name: ArmName): RunResult['arms'][number] {
    const { what } = ARMS[name];
    if (this.blocks.some(({ arm }) => arm === name)) return { name, what, run: true };
    return { name, what, run: false, because: this.canRun(name) ? 'not asked for' : 'no Kafka here' };
  }

  private middleOfIdleBroker(): RunResult['env']['idleBroker'] {
    const sorted = [...this.idleBroker].sort((a, b) => a.cpuShare - b.cpuShare);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }
}

const ROUGH = 'quick has few and short blocks: its intervals are rough, and it shows no p99. Use --tier standard.';
