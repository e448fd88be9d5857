import { guarantees } from './guarantees.js';
import { guaranteesTable, staleTable } from './guarantees.table.js';

const page = (table: string) => `# Title\n\n<!-- guarantees -->\n\n${table}\n\n<!-- /guarantees -->\n`;

describe('the table of guarantees', () => {
  it('has a row for each promise and a column for each mode, all of one width', () => {
    const lines = guaranteesTable().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(guarantees.sync).length);
    expect(new Set(lines.map((line) => line.split(' | ').length))).toEqual(new Set([6]));
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it('is known when a page has it, and missed when a word or the place differs', () => {
    expect(staleTable(page(guaranteesTable()))).toBeUndefined();
    expect(staleTable(page(guaranteesTable().replace('yes', 'no ')))).toContain('npm run guarantees');
    expect(staleTable('# Title\n')).toContain('<!-- guarantees -->');
  });
});
