import { Failure } from '../../messaging/index.js';

/** An order's event came before its user's: topics are not ordered among each other. */
export class ContactUnknown extends Failure {
  readonly code = 'contact_unknown';
  readonly retryable = true;
  constructor(userId: string) {
    super(`Nothing is known yet of how to write to the user ${userId}.`);
  }
}

/** The mail server is down, too slow, or says that it cannot take mail now. */
export class MailServerUnavailable extends Failure {
  readonly code = 'provider_unavailable';
  readonly retryable = true;
  readonly retryAfterSeconds = 2;
}

/** The mail server refuses this mail: no repetition will change that. */
export class MailRefused extends Failure {
  readonly code = 'provider_refused';
  readonly retryable = false;
}
