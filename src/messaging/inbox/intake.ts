import type { Delivery } from '../delivery.js';
import type { Arrival } from '../record.js';
import type { SubscriberDeclaration } from '../subscriber.js';
import type { Transactions } from '../transactions.js';

/** What an intake may ask of the carrier while it works on a batch. */
export interface BatchControl {
  /** True for the first batch of a partition after this process was given it: what killed the last owner is in it. */
  first: boolean;
  /** False once the carrier stops or has lost the partition: nothing new is to be started. */
  mayStart(): boolean;
  /** The delivery needs nothing more from the carrier: its mark or its parked row is committed, or it needs neither. */
  finished(arrival: Arrival): void;
}

/** What one subscriber does with the deliveries that a carrier brings. */
export interface Intake {
  /** Takes a batch of one partition, in order; resolves when every delivery is finished or may not be started. */
  take(batch: readonly Arrival[], control: BatchControl): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Hands an event to the subscriber's Nest handler; rejects with the handler's own error. */
export type Handler = (name: string, data: unknown, delivery: Delivery) => Promise<void>;

/** `failedAfterCommit` hears of each step after a commit that failed. */
export type IntakeFactory = (
  subscriber: SubscriberDeclaration,
  handler: Handler,
  transactions: Transactions,
  failedAfterCommit: (error: unknown) => void,
) => Intake;
