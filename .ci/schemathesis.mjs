import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { steps, withShop } from './shop.mjs';

/** Throws thousands of requests that fit or break /openapi.json at the shop: no 5xx, no answer that is not documented. */
const [schemathesis] = process.argv.slice(2);
const TOKEN = 'schemathesis-of-ci';
const LIMIT_MS = 100_000;

const OPTIONS = [
  '--phases=examples,coverage,fuzzing',
  '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
  '--max-examples=25',
  '--generation-deterministic',
  '--request-timeout=10',
  '--continue-on-failure',
  '--warnings=off',
  '--no-color',
  // An event stream never ends.
  '--exclude-path=/analytics/stream',
  `--header=Authorization: Bearer ${TOKEN}`,
];

function attack(url) {
  return new Promise((done, fail) => {
    // It leaves its own folders where it runs.
    const where = { cwd: dirname(schemathesis), stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(schemathesis, ['run', `${url}/openapi.json`, ...OPTIONS], where);
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const text = Buffer.concat(output).toString();
      if (code === 0) return done(console.log(text.trim().split('\n').slice(-12).join('\n')));
      fail(
        new Error(
          `${text.slice(-15_000)}\nschemathesis ended with ${signal ?? code}${signal ? `, after ${LIMIT_MS / 1000} s` : ''}`,
        ),
      );
    });
  });
}

await steps(
  Object.fromEntries(
    ['sync', 'async'].map((mode) => [
      `schemathesis in ${mode}`,
      () => withShop(mode, attack, { ADMIN_TOKEN: TOKEN, LOG_LEVEL: 'error' }),
    ]),
  ),
);
