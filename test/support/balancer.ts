import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ShopProcess } from './built.js';
import { Customer } from './customer.js';

const ASK_EVERY_MS = 50;
const ORDER_EVERY_MS = 150;
const CLIENTS = 2;

interface Refusal {
  process: string;
  status: number | string;
}

/** A steady load of orders that goes, in turn, to the processes which say that they are ready. */
export class Balancer {
  /** Orders that were answered 201. */
  readonly placed: string[] = [];
  /** Requests that a process which was ready did not answer with 201. */
  readonly refused: Refusal[] = [];
  /** How many orders each process has taken. */
  readonly taken = new Map<string, number>();
  private readonly processes = new Set<ShopProcess>();
  private ready: ShopProcess[] = [];
  private turn = 0;
  private running = true;
  private readonly work: Promise<unknown>;

  constructor(private readonly userId: string) {
    this.work = Promise.all([this.watch(), ...Array.from({ length: CLIENTS }, () => this.client())]);
  }

  add(process: ShopProcess): void {
    this.processes.add(process);
  }

  remove(process: ShopProcess): void {
    this.processes.delete(process);
  }

  /** Stops the load; every request has its answer then. */
  async stop(): Promise<void> {
    this.running = false;
    await this.work;
  }

  private async watch(): Promise<void> {
    for (; this.running; await pause(ASK_EVERY_MS)) {
      const asked = await Promise.all([...this.processes].map(async (one) => ((await isReady(one)) ? [one] : [])));
      this.ready = asked.flat();
    }
  }

  private async client(): Promise<void> {
    for (; this.running; await pause(ORDER_EVERY_MS)) {
      const target = this.ready[this.turn++ % Math.max(1, this.ready.length)];
      if (target) await this.order(target);
    }
  }

  private async order(target: ShopProcess): Promise<void> {
    const id = randomUUID();
    try {
      const { status } = await new Customer(target.url).order(this.userId, 500, {}, id);
      if (status === 201) this.placed.push(id);
      else this.refused.push({ process: target.name, status });
    } catch (error) {
      this.refused.push({ process: target.name, status: String((error as Error).cause ?? error) });
    }
    this.taken.set(target.name, (this.taken.get(target.name) ?? 0) + 1);
  }
}

async function isReady(process: ShopProcess): Promise<boolean> {
  try {
    return (await fetch(`${process.url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
