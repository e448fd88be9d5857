import { Failure } from '../../messaging/index.js';

export class EmailTaken extends Failure {
  readonly code = 'email_taken';
  readonly retryable = false;
  constructor() {
    super('Another user has registered with this e-mail address.');
  }
}

export class UserNotFound extends Failure {
  readonly code = 'user_not_found';
  readonly retryable = false;
  constructor(id: string) {
    super(`No user has the id ${id}.`);
  }
}
