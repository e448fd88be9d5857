import { Failure } from '../../messaging/index.js';

/** What a request hears of a declined card, where it is still open. */
export class CardDeclined extends Failure {
  readonly code = 'payment_declined';
  readonly retryable = false;
  constructor(reason: string | undefined) {
    super(`The payment was declined (${reason ?? 'no reason given'}): nothing was ordered.`);
  }
}
