/** A rebalance of the test broker takes up to ten seconds; what takes longer than this has failed. */
jest.setTimeout(60_000);
