export { bootstrapMean, type Interval } from './bootstrap.js';
export { compare } from './compare.js';
export { atMost, chanceOf, differenceOfShares, shareInterval, type Count } from './counts.js';
export { A, A_AGAIN, noiseFloor, type Floor } from './noise-floor.js';
export { metricOf, pairedLogRatios } from './pairs.js';
export { quantile, shareUpTo, type Quantile } from './quantile.js';
export { LEAST_ACHIEVED, littlesLaw, validity, type LittlesLaw } from './validity.js';
