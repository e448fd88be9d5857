import { createHash } from 'node:crypto';
import type { Entry, Ledger } from './ledger.js';

/** The key was used before with another body. */
export class KeyReused extends Error {
  readonly code = 'idempotency_key_reused';
  readonly retryable = false;
  constructor() {
    super('This Idempotency-Key was used with another body: send a new key.');
  }
}

/** What a provider says it has done; every fact of it stands in the ledger. */
export interface Deed {
  orderId: string;
  at: string;
  [detail: string]: unknown;
}

type Kind = Exclude<Entry['kind'], 'mail'>;

interface Known {
  fingerprint: string;
  deed: Deed;
  durable: Promise<void>;
}

/**
 * What idempotency keys promise: the first call under a key does the work, every later one gets the first answer
 * again, also after a restart, also while the first is still being written.
 */
export class FirstAnswers {
  private readonly known = new Map<string, Known>();

  constructor(private readonly ledger: Ledger) {
    for (const { kind, idempotencyKey, fingerprint, deed } of pastDeeds(ledger))
      this.known.set(`${kind} ${idempotencyKey}`, { fingerprint, deed, durable: Promise.resolve() });
  }

  /**
   * `work` decides at once, and returns undefined when there is nothing to do; that is not remembered.
   * @throws KeyReused when the key came with another request.
   */
  async once(kind: Kind, key: string, request: unknown, work: () => Deed | undefined): Promise<Deed | undefined> {
    const name = `${kind} ${key}`;
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url');
    const first = this.known.get(name);
    if (first) return this.again(kind, key, fingerprint, first);
    const deed = work();
    if (!deed) return undefined;
    const durable = this.ledger.append({ kind, idempotencyKey: key, fingerprint, ...deed });
    this.known.set(name, { fingerprint, deed, durable });
    await durable;
    return deed;
  }

  private async again(kind: Kind, key: string, fingerprint: string, first: Known): Promise<Deed> {
    if (first.fingerprint !== fingerprint) throw new KeyReused();
    await first.durable;
    const { id, orderId } = first.deed;
    await this.ledger.append({ kind, at: new Date().toISOString(), idempotencyKey: key, repeat: true, id, orderId });
    return first.deed;
  }
}

/** What was done before the last start, in its order, repeats left out. */
export function pastDeeds(ledger: Ledger) {
  return ledger.past
    .filter(({ kind, repeat }) => kind !== 'mail' && !repeat)
    .map(({ kind, idempotencyKey, fingerprint, ...deed }) => ({
      kind: kind as Kind,
      idempotencyKey,
      fingerprint: fingerprint as string,
      deed: deed as Deed,
    }));
}
