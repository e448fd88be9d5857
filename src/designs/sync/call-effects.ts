import type { EntityManager } from 'typeorm';
import { afterCommit, type Effects, type Transactions, type Tx } from '../../messaging/index.js';

type Step = () => Promise<unknown> | unknown;

/** A call inside the request's transaction: its effect stands or falls with the request. */
export class RequestEffects implements Effects {
  constructor(
    private readonly tx: Tx,
    private readonly failed: (error: unknown) => void,
  ) {}

  get reader(): EntityManager {
    return this.tx;
  }

  async once(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    await work(this.tx);
  }

  afterCommit(run: Step): void {
    afterCommit(this.tx, () => attempt(run, this.failed));
  }

  async stillMine(): Promise<void> {}
}

/** A call after the request's commit, with a transaction of its own. */
export class SeparateEffects implements Effects {
  private readonly steps: Step[] = [];

  constructor(
    private readonly transactions: Transactions,
    private readonly failed: (error: unknown) => void,
  ) {}

  get reader(): EntityManager {
    return this.transactions.dataSource.manager;
  }

  async once(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.transactions.run(work);
    for (const step of this.steps.splice(0)) await attempt(step, this.failed);
  }

  afterCommit(run: Step): void {
    this.steps.push(run);
  }

  async stillMine(): Promise<void> {}
}

async function attempt(run: Step, failed: (error: unknown) => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    failed(error);
  }
}
