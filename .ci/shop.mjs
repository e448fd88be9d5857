import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Asks again until `read` gives something; after `limitMs` it throws `missing`, with the last answer or error. */
export async function until(missing, limitMs, read) {
  const end = Date.now() + limitMs;
  for (let last; ;) {
    try {
      const found = await read((answer) => (last = answer));
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof Ended) throw error;
      last = error.cause?.code ?? error.message;
    }
    if (Date.now() > end)
      throw new Error(`${missing} within ${limitMs / 1000} s; the last answer was ${JSON.stringify(last)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

class Ended extends Error {}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/**
 * Runs `work` with a shop as `npm start` brings it up, in a folder of its own that is gone afterwards.
 * Throws when it does not get ready, when Ctrl-C does not end it, or when it still answers after that.
 */
export async function withShop(mode, work, settings = {}) {
  const home = mkdtempSync(join(tmpdir(), `switchyard-${mode}-`));
  // PostgreSQL does not run as root: the user it runs as has to get through.
  chmodSync(home, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(home, 'start.log');
  const output = openSync(log, 'a');
  const env = { ...process.env, ...settings, COMM_MODE: mode, PORT: String(port), SWITCHYARD_HOME: home };
  const child = spawn(process.execPath, ['local/launch.mjs', 'start'], { env, stdio: ['ignore', output, output] });
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  const stop = async () => {
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const how = await ended;
    clearTimeout(late);
    return how;
  };
  try {
    await until(`npm start in ${mode} was not ready`, 240_000, async (last) => {
      if (child.exitCode !== null)
        throw new Ended(`npm start in ${mode} ended with ${child.exitCode} before it was ready`);
      const answer = await fetch(`${url}/health/ready`);
      last(await answer.text());
      return answer.ok ? true : undefined;
    });
    await work(url);
    const how = await stop();
    if (how !== 0) throw new Error(`after Ctrl-C npm start in ${mode} ended with ${how}`);
    const answers = await fetch(`${url}/health/live`).then(
      () => true,
      () => false,
    );
    if (answers) throw new Error(`the shop of ${mode} still answers after npm start has ended`);
  } catch (error) {
    await stop();
    error.message += `\n--- the end of the log of ${mode}:\n${readFileSync(log, 'utf8').split('\n').slice(-40).join('\n')}`;
    throw error;
  } finally {
    closeSync(output);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs each step, prints one line for it, and ends with `N passed, N failed`. */
export async function steps(named) {
  let failed = 0;
  for (const [name, run] of Object.entries(named)) {
    const began = Date.now();
    const error = await run().then(
      () => undefined,
      (thrown) => thrown,
    );
    if (error) failed++;
    console.log(`${error ? 'FAILED' : 'passed'}  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
    if (error) console.log(error.message);
  }
  console.log(`${Object.keys(named).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
