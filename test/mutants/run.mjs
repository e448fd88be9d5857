import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { program } from 'commander';

const ROOT = resolve(import.meta.dirname, '../..');
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.switchyard', 'coverage']);
const HEADER = /^Guard: (.+)\nTest: (.+)\nName: (.+)\n/;
/** A mutant may hang its test: what takes longer has not turned it red. */
const LONGEST_MS = 300_000;

program
  .name('npm run mutants --')
  .description(
    'Takes one guard away after another, in a copy of the sources, and expects the test that its patch names to turn ' +
      'red. Ends with 1 when a mutant survives.',
  )
  .argument('[names...]', 'which ones, by the name of the patch in test/mutants; all when none is named')
  .option('--list', 'only name them, each with its guard and its test')
  .option('--apply-only', 'run no test: only see that each patch still applies')
  .parse();

function readMutants(wanted) {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.patch'));
  const names = files.map((file) => basename(file, '.patch')).sort();
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is no mutant ${unknown}: use one of ${names.join(', ')}.`);
  return (wanted.length > 0 ? wanted : names).map((name) => {
    const file = join(import.meta.dirname, `${name}.patch`);
    const [, guard, test, title] = HEADER.exec(readFileSync(file, 'utf8')) ?? [];
    if (!title) throw new Error(`${name}.patch must begin with the lines Guard:, Test: and Name:.`);
    return { name, file, guard, test, title };
  });
}

/** What git says against it, or an empty text. */
function patch(root, file, ...options) {
  // Below another repository's folder git would pass over every file without a word.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(realpathSync(root)) };
  const { status, stderr, error } = spawnSync('git', ['apply', '-C1', ...options, file], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (error) throw new Error(`git cannot be run: ${error.message}`);
  return status === 0 ? '' : stderr.trim() || `git apply ended with ${status}`;
}

const projectOf = (test) =>
  test.startsWith('test/processes/') ? 'processes' : test.endsWith('.e2e-spec.ts') ? 'services' : 'unit';

let running;

/** Resolves to jest's report; undefined when jest ended before the first test. */
function jest(root, tests, titles, outputFile) {
  rmSync(outputFile, { force: true });
  const args = ['node_modules/jest/bin/jest.js', '--selectProjects', projectOf(tests[0]), '--maxWorkers=2', '--json'];
  args.push(`--outputFile=${outputFile}`, '-t', titles.join('|'), '--runTestsByPath', ...tests);
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  running = child;
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS * tests.length);
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((done) => {
    child.on('close', () => {
      clearTimeout(timer);
      if (existsSync(outputFile)) return done(JSON.parse(readFileSync(outputFile, 'utf8')));
      console.error(said.trim());
      done(undefined);
    });
  });
}

function isGreen(report, { test, title }) {
  const file = report.testResults.find(({ name }) => name.endsWith(`/${test}`));
  const named = (file?.assertionResults ?? []).filter(({ fullName }) => new RegExp(title).test(fullName));
  return named.length > 0 && named.every(({ status }) => status === 'passed');
}

const failures = (report) =>
  (report?.testResults ?? []).flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [`${basename(name)}: ${message.split('\n')[0]}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) => `${basename(name)}: ${fullName}\n  ${failureMessages[0]?.split('\n')[0]}`,
    );
  });

/** Without a mutant every named test must exist and be green, or red would prove nothing: those for which it is not so. */
async function checkTests(root, mutants, outputFile) {
  const unfit = new Map();
  for (const project of ['unit', 'services', 'processes']) {
    const kind = mutants.filter(({ test }) => projectOf(test) === project);
    if (kind.length === 0) continue;
    console.log(`First without a mutant: the tests of ${kind.length} of ${mutants.length}, in the project ${project}.`);
    const tests = [...new Set(kind.map(({ test }) => test))];
    const titles = [...new Set(kind.map(({ title }) => title))];
    const report = await jest(root, tests, titles, outputFile);
    if (!report) throw new Error(`jest ended before the first test of the project ${project}.`);
    for (const failure of failures(report)) console.log(`Red without a mutant: ${failure}`);
    for (const mutant of kind) if (!isGreen(report, mutant)) unfit.set(mutant, 'NOT GREEN WITHOUT IT');
  }
  return unfit;
}

/** `killed`, or what is wrong. */
async function tryMutant(root, mutant, outputFile) {
  const refused = patch(root, mutant.file);
  if (refused) return `DOES NOT APPLY: ${refused.split('\n')[0]}`;
  try {
    const report = await jest(root, [mutant.test], [mutant.title], outputFile);
    if (!report || report.numRuntimeErrorTestSuites > 0) return 'BROKEN: the test file does not load';
    return report.numFailedTests > 0 ? 'killed' : 'SURVIVED';
  } finally {
    patch(root, mutant.file, '--reverse');
  }
}

async function runAll(mutants) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-mutants-'));
  const root = join(folder, 'tree');
  const outputFile = join(folder, 'report.json');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(ROOT, root, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const unfit = await checkTests(root, mutants, outputFile);
  const survivors = [];
  for (const [index, mutant] of mutants.entries()) {
    const began = performance.now();
    const outcome = unfit.get(mutant) ?? (await tryMutant(root, mutant, outputFile));
    if (outcome !== 'killed') survivors.push({ mutant, outcome });
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5);
    const place = `${index + 1}/${mutants.length}`.padStart(7);
    console.log(`${place}  ${outcome.padEnd(8)} ${seconds} s  ${mutant.name.padEnd(35)} ${mutant.guard}`);
  }
  return survivors;
}

function summary(mutants, survivors) {
  const files = [...new Set(mutants.map(({ test }) => test))].sort();
  const alive = new Set(survivors.map(({ mutant }) => mutant));
  console.log('\n  killed  of  by the tests of');
  for (const file of files) {
    const own = mutants.filter(({ test }) => test === file);
    const killed = own.filter((mutant) => !alive.has(mutant)).length;
    console.log(`${String(killed).padStart(8)}  ${String(own.length).padStart(2)}  ${file}`);
  }
  for (const { mutant, outcome } of survivors)
    console.log(`\n${mutant.name}: ${outcome}\n  ${mutant.guard}\n  ${mutant.test} -t '${mutant.title}'`);
  console.log('');
}

function applyAll(mutants) {
  return mutants.filter(({ name, file, test }) => {
    const problem = existsSync(join(ROOT, test)) ? patch(ROOT, file, '--check') : `${test} does not exist`;
    if (problem) console.log(`${name}.patch no longer applies, make it again: ${problem}`);
    return problem !== '';
  });
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    // Its services end with it.
    running?.kill(signal);
    process.exit(code);
  });

const { list, applyOnly } = program.opts();
try {
  const mutants = readMutants(program.args);
  if (list)
    for (const { name, guard, test, title } of mutants) console.log(`${name}\n  ${guard}\n  ${test} -t '${title}'`);
  else {
    const survivors = applyOnly ? applyAll(mutants) : await runAll(mutants);
    if (!applyOnly) summary(mutants, survivors);
    if (!applyOnly || survivors.length > 0)
      console.log(`${mutants.length - survivors.length} passed, ${survivors.length} failed`);
    if (survivors.length > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
