const { randomBytes } = require('node:crypto');
require('./resolve-typescript.cjs');

/** What a person has to mend is one sentence, not a stack for each of two hundred tests. */
async function services() {
  globalThis.testServices ??= require('./services.ts').start();
  try {
    return await globalThis.testServices;
  } catch (error) {
    if (!(error instanceof require('../../local/problem.ts').Problem)) throw error;
    process.stderr.write(`${error.message}\n`, () => process.exit(1));
    return new Promise(() => undefined);
  }
}

/** Called once for each project of a run: the services are started by the first. */
module.exports = async () => {
  const { postgres, broker } = await services();
  process.env.TEST_POSTGRES = postgres.url('postgres');
  process.env.TEST_KAFKA = broker.brokers;
  process.env.TEST_RUN = randomBytes(3).toString('hex');
};
