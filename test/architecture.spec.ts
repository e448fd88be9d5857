import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Violation {
  rule: string;
  from: string;
  to: string;
}

const root = join(__dirname, '..');
const planted = 'test/fixtures/violations';

/** Every file of a fixture that imports something: each is a violation, the others are what they reach for. */
function plantsOf(rule: string): string[] {
  const folder = join(root, planted, rule);
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && /^import /m.test(readFileSync(join(folder, file), 'utf8')))
    .sort();
}

describe('the import rules', () => {
  const rules = readdirSync(join(root, planted)).sort();
  let found: Record<string, Violation[]>;

  beforeAll(() => {
    const args = ['checks/architecture.mjs', '--json', ...rules.map((rule) => `${planted}/${rule}`)];
    found = JSON.parse(execFileSync('node', args, { cwd: root, encoding: 'utf8' })) as Record<string, Violation[]>;
  });

  it('each have a planted violation', () => {
    const config = readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8');
    const declared = [...config.matchAll(/name: '([a-z-]+)'/g)].map((match) => match[1]);
    expect(rules).toEqual(declared.sort());
  });

  it.each(rules)('%s catches what is planted for it, and no other rule does', (rule) => {
    const violations = found[`${planted}/${rule}`]!;
    expect([...new Set(violations.map((violation) => violation.rule))]).toEqual([rule]);
    expect(violations.flatMap(({ from, to }) => (rule === 'no-cycles' ? [from, to] : [from])).sort()).toEqual(
      plantsOf(rule),
    );
  });
});
