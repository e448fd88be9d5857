import { BaseRpcContext } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { Effects, Tx } from './effects.js';
import { Failure } from './failure.js';
import type { Arrival } from './record.js';

/** `once` was called a second time, or after the run had ended. */
export class DeliveryClosed extends Failure {
  readonly code = 'delivery_closed';
  readonly retryable = false;
}

/** The lane belongs to another process now; what was begun here is not to be finished here. */
export class LaneLost extends Failure {
  readonly code = 'lane_lost';
  readonly retryable = true;
}

/** What one run of a delivery needs from its subscriber. */
export interface DeliveryGround {
  reader: EntityManager;
  /** Mark, effect and announcements in one transaction; resolves to false when the delivery had its effect before. */
  once(arrival: Arrival, work: (tx: Tx) => Promise<unknown>): Promise<boolean>;
  stillMine(arrival: Arrival): Promise<void>;
  failedAfterCommit(error: unknown): void;
  /** Takes a step over, where the commit comes after the run. */
  afterCommit?(step: () => Promise<unknown> | unknown): void;
}

/** One run of a delivery: what a handler gets as `@Ctx()`, and hands to its service as the effects. */
export class Delivery extends BaseRpcContext<[string]> implements Effects {
  private state: 'open' | 'settled' | 'closed' = 'open';
  private readonly steps: (() => Promise<unknown> | unknown)[] = [];

  constructor(
    readonly arrival: Arrival,
    private readonly ground: DeliveryGround,
  ) {
    super([arrival.eventId]);
  }

  get reader(): EntityManager {
    return this.ground.reader;
  }

  /** True when the effect is committed, by this run or by an earlier one. */
  get settled(): boolean {
    return this.state === 'settled';
  }

  async once(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    if (this.state !== 'open')
      throw new DeliveryClosed(`${this.arrival.name}: once() was called twice, or after the handler's time was up.`);
    this.state = 'closed';
    await this.ground.once(this.arrival, work);
    this.state = 'settled';
    for (const step of this.steps.splice(0)) await this.attempt(step);
  }

  afterCommit(run: () => Promise<unknown> | unknown): void {
    if (this.ground.afterCommit) this.ground.afterCommit(run);
    else this.steps.push(run);
  }

  async stillMine(): Promise<void> {
    if (this.state !== 'open') throw new LaneLost(`${this.arrival.name}: the time of this run is up.`);
    await this.ground.stillMine(this.arrival);
  }

  /** A `once` that comes later, from a run whose time was up, must find the door shut. */
  close(): void {
    if (this.state === 'open') this.state = 'closed';
  }

  private async attempt(step: () => Promise<unknown> | unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.ground.failedAfterCommit(error);
    }
  }
}
