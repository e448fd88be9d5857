import type { CommMode } from '../../config.js';
import { TransactionalOutbox, type Carriage } from '../../messaging/index.js';
import { DualWriteOutbox } from './dual-write.outbox.js';
import { UnmarkedIntake } from './unmarked.intake.js';

const nothing: Carriage = { carrier: 'none', outbox: TransactionalOutbox };

/** What carries events in each mode. */
export const carriages: Record<CommMode, Carriage> = {
  sync: nothing,
  'sync-after-commit': nothing,
  async: { carrier: 'kafka', outbox: TransactionalOutbox },
  'async-local': { carrier: 'local', outbox: TransactionalOutbox },
  'async-dual-write': {
    carrier: 'kafka',
    outbox: DualWriteOutbox,
    intake: (...parts) => new UnmarkedIntake(...parts),
  },
};
