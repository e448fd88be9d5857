import { Logger } from '@nestjs/common';
import { LaneLost } from '../delivery.js';
import { UnknownEvent } from '../event-catalogue.js';
import { Failure, isRetryable } from '../failure.js';
import { describe } from '../parking/due.js';
import type { Parking, Trial } from '../parking/parking.js';
import { Stopping, type Patience } from '../patience.js';
import type { Arrival } from '../record.js';
import { mayConcern, type SubscriberDeclaration } from '../subscriber.js';
import type { BatchRunner } from './batch-runner.js';
import { HandlerSuspected, MOST_STARTS, TRIAL, type BatchStarts } from './batch-starts.js';
import { HandlerTimedOut, type DeliveryRunner } from './delivery-runner.js';
import { laneOf, type Inbox, type LookUp } from './inbox.js';
import type { BatchControl, Intake } from './intake.js';
import type { Lanes } from './lanes.js';
import type { OutageBrake } from './outage-brake.js';

/** The event is older than the marks that are kept: whether it was applied cannot be known any more. */
export class TooOldToKnow extends Failure {
  readonly code = 'too_old_to_know';
  readonly retryable = false;
}

const BRAKE_LOOK_MS = 100;
/** A first batch that was begun this often and never finished is run one by one, each start counted. */
const CAREFUL_FROM = 3;

/** A part of an intake that works beside it: the retry loop. */
interface Companion {
  start(): void;
  stop(): Promise<void>;
}

export interface IntakeParts {
  subscriber: SubscriberDeclaration;
  inbox: Inbox;
  parking: Parking;
  runner: DeliveryRunner;
  batches: BatchRunner;
  starts: BatchStarts;
  lanes: Lanes;
  brake: OutageBrake;
  patience: Patience;
  retries: Companion;
  startOf: () => Promise<Date>;
}

/**
 * The intake that loses nothing and repeats nothing: marks before effects, and a failing key parks, with everything
 * that comes behind it, while all other keys go on.
 *
 * PostgreSQL gone: it waits, and the carrier keeps what has not been finished.
 */
export class MarkedIntake implements Intake {
  private readonly log: Logger;
  private since = new Date(NaN);

  constructor(private readonly parts: IntakeParts) {
    this.log = new Logger(`subscriber:${parts.subscriber.name}`);
  }

  async start(): Promise<void> {
    this.since = await this.parts.patience.waitForDatabase(this.parts.startOf);
    this.parts.retries.start();
  }

  stop(): Promise<void> {
    return this.parts.retries.stop();
  }

  async take(batch: readonly Arrival[], control: BatchControl): Promise<void> {
    const { inbox, patience, runner, starts } = this.parts;
    const known = await patience.waitForDatabase(() => inbox.lookUp(runner.reader, batch));
    const noted =
      control.first && batch[0] ? await patience.waitForDatabase(() => starts.note(runner.reader, batch[0]!)) : 0;
    if (noted >= CAREFUL_FROM) await this.takeCarefully(batch, known, control, noted);
    else if (!(await this.takeTogether(batch, known, control))) await this.takeByLane(batch, known, control);
    if (noted > 0 && control.mayStart()) await patience.waitForDatabase(() => starts.clear(runner.reader, batch[0]!));
  }

  private async takeByLane(batch: readonly Arrival[], known: LookUp, control: BatchControl): Promise<void> {
    const stopped = new Set<string>();
    await Promise.all(
      batch.map((arrival) =>
        this.parts.lanes.run(laneOf(arrival), async () => {
          await this.waitForBrake(control);
          // A lane that was stopped once must not go on with a later delivery: that one would overtake.
          const goesOn = !stopped.has(laneOf(arrival)) && control.mayStart();
          if (goesOn && (await this.arrive(arrival, known, control))) control.finished(arrival);
          else stopped.add(laneOf(arrival));
        }),
      ),
    );
  }

  /** One at a time, each start counted before it: what may end the process is parked, to be tried alone. */
  private async takeCarefully(
    batch: readonly Arrival[],
    known: LookUp,
    control: BatchControl,
    begun: number,
  ): Promise<void> {
    const { patience, runner, starts } = this.parts;
    for (const arrival of batch) {
      if (!control.mayStart()) return;
      // The first one was noted with its batch.
      const note = () => patience.waitForDatabase(() => starts.note(runner.reader, arrival));
      const runs = arrival === batch[0] ? begun : this.concerns(arrival, known) ? await note() : 0;
      if (runs > MOST_STARTS && this.concerns(arrival, known))
        await this.fail(arrival, new HandlerSuspected(arrival.name), known, TRIAL);
      else if (!(await this.arrive(arrival, known, control))) return;
      control.finished(arrival);
    }
  }

  /** All effects in one transaction; false when that is not to be, or has failed: then one by one. */
  private async takeTogether(batch: readonly Arrival[], known: LookUp, control: BatchControl): Promise<boolean> {
    if (this.parts.subscriber.commit !== 'batch' || batch.length < 2) return false;
    const mine = batch.filter((arrival) => this.concerns(arrival, known));
    if (mine.some((arrival) => !('event' in arrival.content) || known.parkedLanes.has(laneOf(arrival)))) return false;
    try {
      if (!control.mayStart()) return false;
      if (mine.length > 0) await this.parts.batches.run(mine, control);
    } catch (error) {
      if (error instanceof Stopping) throw error;
      this.log.debug(`A batch of ${mine.length} is run one by one: ${String(error)}`);
      return false;
    }
    for (const arrival of batch) control.finished(arrival);
    return true;
  }

  /** False for what needs neither an effect nor a place in a lane. */
  private concerns(arrival: Arrival, known: LookUp): boolean {
    if (known.done.has(arrival.eventId) || this.isOlder(arrival)) return false;
    if (!mayConcern(this.parts.subscriber, arrival.content)) return false;
    if (this.isTooOld(arrival, known)) arrival.content = { poison: new TooOldToKnow('Its mark may have been pruned.') };
    return true;
  }

  /** False when it was lost on the way: its next owner reads it again, and nothing of it is to be kept here. */
  private async arrive(arrival: Arrival, known: LookUp, control: BatchControl): Promise<boolean> {
    const { parking, patience } = this.parts;
    if (!this.concerns(arrival, known)) return true;
    const { content } = arrival;
    if (known.parkedLanes.has(laneOf(arrival))) await patience.waitForDatabase(() => parking.queue(arrival));
    else if ('poison' in content) await this.fail(arrival, content.poison, known);
    else if ('unknown' in content) await this.fail(arrival, new UnknownEvent(content.unknown), known);
    else return this.runOrPark(arrival, known, control);
    return true;
  }

  private async runOrPark(arrival: Arrival, known: LookUp, control: BatchControl): Promise<boolean> {
    const { runner, brake } = this.parts;
    const isLost = () => error instanceof LaneLost && !control.mayStart();
    let error = await runner.run(arrival, control);
    if (error && !isLost() && isRetryable(error) && !(error instanceof HandlerTimedOut))
      error = await runner.run(arrival, control);
    if (isLost()) return false;
    if (error) {
      if (isRetryable(error)) brake.failed(describe(error).code);
      await this.fail(arrival, error, known);
      return true;
    }
    brake.succeeded();
    known.done.add(arrival.eventId);
    return true;
  }

  /** A subscriber from now passes over what was announced before its first start. */
  private isOlder(arrival: Arrival): boolean {
    return arrival.announcedAt !== undefined && arrival.announcedAt < this.since;
  }

  private isTooOld(arrival: Arrival, known: LookUp): boolean {
    return arrival.announcedAt !== undefined && arrival.announcedAt < known.horizon;
  }

  private async fail(arrival: Arrival, error: Error, known: LookUp, trial?: Trial): Promise<void> {
    known.parkedLanes.add(laneOf(arrival));
    await this.parts.patience.waitForDatabase(() => this.parts.parking.fail(arrival, error, trial));
  }

  private async waitForBrake(control: BatchControl): Promise<void> {
    while (this.parts.brake.holds && control.mayStart()) await this.parts.brake.pass(BRAKE_LOOK_MS);
  }
}
