import fc from 'fast-check';

/** One thing that happens to a shop. Numbers choose among what is there, modulo how much that is. */
export type Step =
  | { does: 'place'; user: number; declined: boolean }
  | { does: 'cancel'; order: number }
  | { does: 'fail'; what: Failing }
  | { does: 'recover'; what: Failing }
  /** The relay makes one pass, and every record is brought to its subscribers. */
  | { does: 'relay' }
  /** The relay sends, is acknowledged, and dies before it deletes. */
  | { does: 'relay dies' }
  | { does: 'deliver again'; record: number }
  | { does: 'swap'; row: number };

/** What can fail: the providers, the mail server, or every handler before it has begun. */
export type Failing = 'payment' | 'carrier' | 'smtp' | 'handlers';

const failing = fc.constantFrom<Failing>('payment', 'carrier', 'smtp', 'handlers');
const any = fc.nat({ max: 1000 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('place'), user: any, declined: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('cancel'), order: any }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('fail'), what: failing }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('recover'), what: failing }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('relay') }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('relay dies') }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('deliver again'), record: any }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('swap'), row: any }) },
);

export const sequences = fc.array(step, { minLength: 3, maxLength: 12 });
