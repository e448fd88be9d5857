import { spawn } from 'node:child_process';

/** `npm run check`: everything that can be judged without running the shop, two steps at a time, the longest first. */
const STEPS = {
  lint: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  contracts: ['local/launch.mjs', 'contracts', '--check'],
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--pretty', 'false'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
  guarantees: ['local/launch.mjs', 'guarantees', '--check'],
  architecture: ['checks/architecture.mjs'],
  // A patch that no longer applies guards nothing.
  mutants: ['test/mutants/run.mjs', '--apply-only'],
};
const SIDE_BY_SIDE = 2;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function run(name, args) {
  const began = performance.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(13)} ${seconds(began)}`);
      done({ name, passed: code === 0, output: Buffer.concat(output).toString().trim() });
    });
  });
}

const began = performance.now();
const waiting = Object.entries(STEPS);
const results = [];
async function worker() {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await run(...step));
}
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));

const failed = results.filter((result) => !result.passed);
for (const { name, output } of failed) console.log(`\n${name}:\n${output || 'It said nothing.'}`);
console.log(`\nchecked in ${seconds(began)}\n${results.length - failed.length} passed, ${failed.length} failed`);
if (failed.length > 0) process.exitCode = 1;
