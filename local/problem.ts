/** Something a person has to mend before the shop can start; the message is one sentence that names the fix. */
export class Problem extends Error {
  readonly retryable = false;

  constructor(
    readonly code: string,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}
