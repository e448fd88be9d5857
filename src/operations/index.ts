export { METRICS } from './metrics.js';
export { OperationsModule } from './operations.module.js';
