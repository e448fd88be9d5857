import { Failure } from '../../messaging/index.js';

export class UserUnknown extends Failure {
  readonly code = 'user_unknown';
  readonly retryable = false;
  constructor(readonly userId: string) {
    super(`No user has the id ${userId}: register the user first.`);
  }
  readonly details = { errors: [{ field: 'userId', message: 'is not the id of a user' }] };
}

export class OrderNotFound extends Failure {
  readonly code = 'order_not_found';
  readonly retryable = false;
  constructor(id: string) {
    super(`No order has the id ${id}.`);
  }
}

export class OrderExists extends Failure {
  readonly code = 'order_exists';
  readonly retryable = false;
  constructor(readonly id: string) {
    super(`An order has the id ${id} already: send an Idempotency-Key to get its answer again.`);
  }
  readonly details = { errors: [{ field: 'id', message: 'is the id of another order' }] };
}

export class OrderNotCancellable extends Failure {
  readonly code = 'order_not_cancellable';
  readonly retryable = false;
  constructor(id: string, status: string) {
    super(`The order ${id} is ${status} and cannot be cancelled.`);
  }
}

/** Another request with the same Idempotency-Key has not ended yet. */
export class RequestInProgress extends Failure {
  readonly code = 'request_in_progress';
  readonly retryable = true;
  readonly retryAfterSeconds = 1;
  constructor() {
    super('A request with this Idempotency-Key is being answered: repeat this one in a second.');
  }
}

export class IdempotencyKeyReused extends Failure {
  readonly code = 'idempotency_key_reused';
  readonly retryable = false;
  constructor() {
    super('This Idempotency-Key was sent with another body: use a new key for a new order.');
  }
}
