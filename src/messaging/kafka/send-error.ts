/** What a failed send asks for. */
export type Remedy = 'send-again' | 'new-producer' | 'refused-record' | 'refused-process';

const NEW_PRODUCER = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
]);
const REFUSED_RECORD = new Set(['MESSAGE_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

/** The error behind the errors: an unreachable broker shows as KafkaJSNonRetriableError, which misleads. */
export function rootOf(error: unknown): Error & { type?: string } {
  let root = error as Error & { type?: string };
  while (root.cause instanceof Error && root.cause !== root) root = root.cause;
  return root;
}

/**
 * The same array goes out again on the same producer for all but four errors: a producer that went on to other records
 * would have them taken for duplicates, acknowledged and not stored (kafkajs issue 1005).
 */
export function remedyFor(error: unknown): Remedy {
  const root = rootOf(error);
  if (root.type && NEW_PRODUCER.has(root.type)) return 'new-producer';
  if (root.type && REFUSED_RECORD.has(root.type)) return 'refused-record';
  if (
    /AUTHORIZATION_FAILED$|^UNSUPPORTED_VERSION$/.test(root.type ?? '') ||
    root.name === 'KafkaJSSASLAuthenticationError'
  )
    return 'refused-process';
  return 'send-again';
}
