import { build, tool } from '../support/built.js';
import { openShop, type TestShop } from '../support/shop.js';
import { announceSpoiled } from '../support/spoiled.js';
import { until } from '../support/until.js';

const BEARER = { authorization: 'Bearer a-token-for-tests-only' };
const WIDTH = 80;
const wider = (text: string) => text.split('\n').filter((line) => line.length > WIDTH);

interface Parked {
  deliveries: { id: string; subscriber: string; key: string; dueAt: string | null; behind: number }[];
}

// A build comes first when the sources have changed.
beforeAll(build, 120_000);

describe('npm run parked', () => {
  let shop: TestShop;
  let key: string;
  const parked = (...words: string[]) => tool('parked', words, shop.env);
  const listed = async () => (JSON.parse((await parked('list', '--json')).output) as Parked).deliveries;
  const ofBilling = async () => (await listed()).filter((one) => one.subscriber === 'billing' && one.key === key);

  beforeAll(async () => {
    shop = await openShop('async');
    expect((await parked()).output).toBe('Nothing is parked.\n');
    key = await announceSpoiled(shop.env.DATABASE_URL!, { payload: '{"not":"an order","with":"\\u001b[2J"}' });
    await announceSpoiled(shop.env.DATABASE_URL!, { key, sequence: 2 });
    await shop.settled();
  });
  afterAll(() => shop?.close());

  it('lists what is parked within 80 columns, and as the JSON of /admin/parked', async () => {
    const { output, code } = await parked();
    expect(code).toBe(0);
    expect(wider(output)).toEqual([]);
    expect(output).toMatch(/^ID +SUBSCRIBER +EVENT +WAITS FOR +TRIES +BEHIND +ERROR\n/);
    expect(output).toMatch(/^\d+ +billing +order\.placed +a person +1 +0 +contract_broken: .*…$/m);
    expect(output).toMatch(/^\d+ deliveries: \d+ for a person, \d+ for a time \(UTC\)\.$/m);
    const { body } = await shop.customer.get('/admin/parked', BEARER);
    expect(JSON.parse((await parked('--json')).output)).toEqual(body);
    const { output: shortened } = await parked('--limit', '1');
    expect(shortened).toContain('--limit shows more');
    expect(wider(shortened)).toEqual([]);
  });

  it('shows one with its lane, its place, its error, headers and payload, escaped', async () => {
    const [one] = await ofBilling();
    const { output } = await parked('show', one!.id);
    expect(output).toMatch(new RegExp(`^Parked delivery ${one!.id}\n`));
    expect(output).toMatch(/^ {2}event +order\.placed v1$/m);
    expect(output).toMatch(new RegExp(`^  lane +orders, key ${key}$`, 'm'));
    expect(output).toMatch(/^ {2}record +orders, partition [01], offset \d+$/m);
    expect(output).toMatch(/^ {2}waits for +a person$/m);
    expect(output).toMatch(/^ {2}before it +nothing$/m);
    expect(output).toMatch(/^ {2}error +contract_broken: order\.placed cannot be read: orderId: Invalid\s+input/m);
    expect(output).toContain('  ce_source: urn:shop');
    expect(output).toMatch(/^ {4}"with": "\\u001b\[2J"$/m);
    const { body } = await shop.customer.get(`/admin/parked/${one!.id}`, BEARER);
    expect(JSON.parse((await parked('show', one!.id, '--json')).output)).toEqual(body);
  });

  it('redrives a lane by id, code or age, and says what runs before', async () => {
    const [first, second] = await ofBilling();
    const attempts = () =>
      shop.rows<{ error: string; failed: Date }>(
        `SELECT error, first_failed_at AS failed FROM parked_key WHERE subscriber = 'billing' AND key = $1`,
        [key],
      );
    const before = (await attempts())[0]!.failed;
    const redriven = await parked('redrive', '--id', second!.id);
    expect(redriven.output).toBe(`1 lane is due now: the running shop tries again. Before it run ${first!.id}.\n`);
    expect((await attempts())[0]!.failed.getTime()).toBeGreaterThan(before.getTime());
    expect((await parked('show', second!.id)).output).toMatch(
      new RegExp(`^  before it +${first!.id}: they run first$`, 'm'),
    );
    const code = await parked('redrive', '--code', 'contract_broken', '--json');
    expect((JSON.parse(code.output) as { lanes: number }).lanes).toBeGreaterThan(1);
    expect((await parked('redrive', '--older-than', '1h')).output).toBe('No lane meets this: nothing was changed.\n');
    // The running shop has tried again, and they wait for a person as before.
    await until('every lane to wait for a person again', async () => {
      return (await listed()).every(({ dueAt }) => dueAt === null);
    });
  });

  it('deletes a delivery for good', async () => {
    const [first] = await ofBilling();
    expect((await parked('delete', first!.id)).output).toBe(
      `Deleted ${first!.id}: this delivery will never be made.\n`,
    );
    expect(await ofBilling()).toHaveLength(1);
    const marks = await shop.rows(`SELECT outcome FROM inbox WHERE outcome = 'deleted' AND subscriber = 'billing'`);
    expect(marks).toEqual([{ outcome: 'deleted' }]);
  });

  it.each([
    [['show', '999999'], 'No parked delivery has the id 999999.'],
    [['show', "1'; --"], "1'; -- is not the id of a parked delivery: npm run parked lists them."],
    [['show'], "Missing required argument 'id': see npm run parked -- --help."],
    [['delete', '999999'], 'No parked delivery has the id 999999.'],
    [['redrive'], 'Redrive needs to know what: give --id, --code or --older-than.'],
    [['redrive', '--older-than', 'long'], '--older-than long is not an age: write it as 30s, 15m, 24h or 7d.'],
    [['--limit', '0'], '--limit 0 is not a number of rows: write one from 1 to 10000.'],
    [['--colour'], "Unknown option '--colour': see npm run parked -- --help."],
    [['revive'], "Too many arguments for 'list'. Expected 0 arguments but got 1: see npm run parked -- --help."],
  ])('%j is one sentence', async (words, sentence) => {
    expect(await parked(...words)).toEqual({ code: 1, output: '', errors: `${sentence}\n` });
  });

  it('explains itself', async () => {
    const { code, output } = await parked('--help');
    expect(code).toBe(0);
    for (const word of ['list', 'show', 'redrive', 'delete']) expect(output).toContain(`  ${word} `);
    for (const name of ['parked', 'subscribers', 'drain'] as const)
      expect(wider((await tool(name, ['--help'], shop.env)).output)).toEqual([]);
  });
});

describe('npm run subscribers', () => {
  it.each(['async', 'sync'] as const)('shows in %s who hears what, as /admin/subscribers does', async (mode) => {
    const shop = await openShop(mode);
    try {
      const user = await shop.customer.register();
      await shop.customer.order(user.id);
      await shop.settled();
      const { output, code } = await tool('subscribers', [], shop.env);
      expect(code).toBe(0);
      expect(wider(output)).toEqual([]);
      const row = mode === 'async' ? 'shop\\.billing +0 +beginning' : '– +– +beginning';
      expect(output).toMatch(new RegExp(`^(order\\.placed)? +billing +${row}$`, 'm'));
      const { body } = await shop.customer.get('/admin/subscribers', BEARER);
      expect(JSON.parse((await tool('subscribers', ['--json'], shop.env)).output)).toEqual(body);
    } finally {
      await shop.close();
    }
  });
});

describe('the tools say in one sentence how to mend', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop('sync');
  });
  afterAll(() => shop?.close());

  it('a redrive in a mode that delivers nothing', async () => {
    expect(await tool('parked', ['redrive', '--code', 'contract_broken'], shop.env)).toEqual({
      code: 1,
      output: '',
      errors: 'This COMM_MODE delivers nothing: start in the mode that parked them, then redrive.\n',
    });
  });

  it.each(['parked', 'subscribers', 'drain'] as const)('a database that is away, to %s', async (name) => {
    const url = new URL(shop.env.DATABASE_URL!);
    url.port = '1';
    const said = await tool(name, [], { ...shop.env, DATABASE_URL: url.href });
    expect(said).toMatchObject({ code: 1, output: '' });
    expect(said.errors).toMatch(
      /^DATABASE_URL leads to no usable PostgreSQL \(.+\): start it, or correct the URL\.\n$/,
    );
  });

  it('a database without a shop', async () => {
    const url = new URL(shop.env.DATABASE_URL!);
    url.pathname = '/postgres';
    const { errors } = await tool('parked', [], { DATABASE_URL: url.href });
    expect(errors).toBe('No shop has run on this database yet: start one with npm start, or correct DATABASE_URL.\n');
  });

  it('a drain while the shop runs', async () => {
    const { code, errors } = await tool('drain', [], shop.env);
    expect([code, errors]).toEqual([1, 'A process in COMM_MODE=sync works on this database: stop it first.\n']);
  });
});

describe('npm run drain', () => {
  it('says how far it is, and that any mode may start', async () => {
    const shop = await openShop('async');
    try {
      const user = await shop.customer.register();
      await shop.settled();
      await shop.ledger.behave('payment', { mode: 'refuse' });
      await shop.customer.order(user.id);
      await until('the charge to be parked', async () => {
        return (await shop.rows(`SELECT 1 FROM parked WHERE subscriber = 'billing'`)).length === 1;
      });
      await shop.shop.close();
      await shop.ledger.behave('payment');
      const { code, output, errors } = await tool('drain', [], shop.env);
      expect(errors).toMatch(/^draining (the|1) deliver(y|ies) of async \(.+\)\n/);
      expect([code, output]).toEqual([0, 'Everything of COMM_MODE=async is delivered: any mode may start.\n']);
      const again = await tool('drain', ['--leave-parked'], shop.env);
      expect(again.output).toBe('No mode has left anything on this database: any may start.\n');
    } finally {
      await shop.close();
    }
  });
});
