export { AfterCommitMetrics } from './after-commit-metrics.js';
export { METRICS } from './metrics.js';
export { OperationsModule } from './operations.module.js';
