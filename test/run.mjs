import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * `npm test [-- jest options]`: unit tests and the tests on real services, which wait more than they work; then those that
 * start and kill processes of their own. The last line says `N passed, N failed`.
 */
const ROUNDS = [
  ['--selectProjects', 'unit', 'services', '--maxWorkers=3'],
  ['--selectProjects', 'processes', '--maxWorkers=2'],
];
const JEST = join(import.meta.dirname, '../node_modules/jest/bin/jest.js');
const SLOWEST = 10;
/** Asked for tests by name, jest calls all others of the file pending. */
const BY_NAME = process.argv.some((word) => /^(-t|--testNamePattern)/.test(word));

/** Runs jest; its report is undefined when it ended before the first test, and has said why. */
function run(args, outputFile) {
  // The options of a person come first: jest takes every word after --selectProjects for a project.
  const options = [
    JEST,
    ...process.argv.slice(2),
    ...args,
    '--passWithNoTests',
    '--json',
    `--outputFile=${outputFile}`,
  ];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done) => {
    child.on('close', (code) => {
      const report = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : undefined;
      done({ code, report });
    });
  });
}

function printSlowest(files) {
  const seconds = ({ startTime, endTime }) => (endTime - startTime) / 1000;
  const slowest = files.sort((a, b) => seconds(b) - seconds(a)).slice(0, SLOWEST);
  console.log('The slowest test files:');
  for (const file of slowest)
    console.log(`${seconds(file).toFixed(1).padStart(8)} s  ${relative(process.cwd(), file.name)}`);
}

/** A file that does not load has no tests to fail, and a skipped test guards nothing: both count as failures. */
const failures = (report) =>
  report.numFailedTests + report.numRuntimeErrorTestSuites + (BY_NAME ? 0 : report.numPendingTests);
const sum = (reports, count) => reports.reduce((total, report) => total + count(report), 0);

async function main(folder) {
  const reports = [];
  let broken = false;
  for (const [round, args] of ROUNDS.entries()) {
    const { code, report } = await run(args, join(folder, `${round}.json`));
    if (!report) return (process.exitCode = 1);
    reports.push(report);
    broken ||= code !== 0;
  }
  const files = reports.flatMap(({ testResults }) => testResults);
  if (files.length > 0) printSlowest(files);
  else console.log(`No test file matches ${process.argv.slice(2).join(' ')}: npx jest --listTests names them all.`);
  const passed = sum(reports, ({ numPassedTests }) => numPassedTests);
  const failed = sum(reports, failures);
  console.log(`${passed} passed, ${failed} failed`);
  // Everything passed and jest still failed: a service that did not start or stop.
  if (broken || failed > 0 || passed === 0) process.exitCode = 1;
}

// Ctrl-C reaches jest too, which stops its services; this process waits for it.
process.on('SIGINT', () => undefined);
const folder = mkdtempSync(join(tmpdir(), 'switchyard-run-'));
await main(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
