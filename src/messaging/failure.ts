/**
 * An error that the shop expects: `code` is stable and public, `retryable` says whether the same attempt
 * may succeed later. An error of any other class counts as retryable: a release or a restart may cure it.
 */
export abstract class Failure extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** False only for an error that says so itself. */
export function isRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | undefined)?.retryable !== false;
}
