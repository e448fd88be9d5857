import { openNotes, type Bench } from './bench.js';
import { itAppliesWholeBatches } from './suite/batches.js';
import { itCarriesWhatWasCommitted } from './suite/carrying.js';
import { itRunsEachDeliveryOnce } from './suite/handlers.js';
import { itPassesThroughNest } from './suite/nest.js';
import { itBrakesInAnOutage, itHoldsBackWhenTooMuchIsParked } from './suite/outage.js';
import { itParksWhatFails } from './suite/parking.js';
import { itStartsWhereASubscriberSays } from './suite/releases.js';
import { itSaysWhenItIsSettled } from './suite/settling.js';
import { itParksWhatItCannotRead } from './suite/unreadable.js';

/** What every carrier owes to those who announce and to those who hear. */
export function conformance(mode: 'async' | 'async-local'): void {
  let bench: Bench | undefined;
  beforeAll(async () => {
    bench = await openNotes(mode);
  });
  afterAll(() => bench?.shop.close());
  const open = (): Bench => {
    if (!bench) throw new Error('The shop is not open.');
    return bench;
  };

  itCarriesWhatWasCommitted(open);
  itParksWhatFails(open);
  itRunsEachDeliveryOnce(open);
  itParksWhatItCannotRead(open);
  itPassesThroughNest(open);
  itAppliesWholeBatches(open);
  itBrakesInAnOutage(open);
  itSaysWhenItIsSettled(open);
  itStartsWhereASubscriberSays(mode);
  itHoldsBackWhenTooMuchIsParked(mode);
}
