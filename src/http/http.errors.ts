import { Failure } from '../messaging/failure.js';

/** One thing that is wrong with a request: `field` is a path such as `lines.0.sku`. */
export interface FieldError {
  field: string;
  message: string;
}

/** A client that reads a thousand errors mends the first few; the rest would be a way to make large answers. */
const MOST_ERRORS = 20;

/** A request that cannot be carried out as it stands: the same one again is answered the same way. */
abstract class BadRequest extends Failure {
  readonly retryable = false;
}

abstract class InvalidFields extends BadRequest {
  readonly details: { errors: FieldError[] };
  constructor(part: string, errors: FieldError[]) {
    const more = errors.length - MOST_ERRORS;
    super(`The ${part} is not valid: correct ${listed(errors)}${more > 0 ? ` and ${more} more` : ''}.`);
    this.details = { errors: errors.slice(0, MOST_ERRORS) };
  }
}

function listed(errors: FieldError[]): string {
  return [...new Set(errors.slice(0, MOST_ERRORS).map((error) => error.field))].join(', ');
}

export class InvalidBody extends InvalidFields {
  readonly code = 'invalid_body';
  constructor(errors: FieldError[]) {
    super('body', errors);
  }
}

export class InvalidQuery extends InvalidFields {
  readonly code = 'invalid_query';
  constructor(errors: FieldError[]) {
    super('query', errors);
  }
}

export class BadId extends InvalidFields {
  readonly code = 'bad_id';
  constructor(errors: FieldError[]) {
    super('path', errors);
  }
}

export class BadHeader extends InvalidFields {
  readonly code = 'bad_header';
  constructor(errors: FieldError[]) {
    super('request', errors);
  }
}

export class BrokenJson extends BadRequest {
  readonly code = 'broken_json';
}

export class NotFound extends BadRequest {
  readonly code = 'not_found';
  constructor(method: string, path: string) {
    super(`${method} ${path} does not exist: /docs lists what does.`);
  }
}

export class MethodNotAllowed extends BadRequest {
  readonly code = 'method_not_allowed';
  readonly headers: Record<string, string>;
  constructor(method: string, path: string, allowed: string[]) {
    super(`${method} is not possible on ${path}: use ${allowed.join(', ')}.`);
    this.headers = { allow: allowed.join(', ') };
  }
}

export class Unauthorized extends BadRequest {
  readonly code = 'unauthorized';
  readonly headers = { 'www-authenticate': 'Bearer realm="admin"' };
  constructor() {
    super('This route needs the header Authorization: Bearer with the ADMIN_TOKEN of the shop.');
  }
}

/** The shop takes no orders at the moment: it finishes the work of another mode, or it is stopping. */
export class Draining extends Failure {
  readonly code = 'draining';
  readonly retryable = true;
  readonly retryAfterSeconds = 2;
}
