import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from 'commander';
import { guaranteesTable, staleTable } from './guarantees.table.js';

const { check } = program
  .name('npm run guarantees --')
  .description('Prints what each mode guarantees, as the table of README.md.')
  .option('--check', 'print nothing; fail when README.md has another table')
  .parse()
  .opts<{ check?: boolean }>();

if (!check) console.log(guaranteesTable());
else {
  const sentence = staleTable(readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8'));
  console.log(sentence ?? 'The table of guarantees in README.md is as recorded.');
  if (sentence) process.exitCode = 1;
}
