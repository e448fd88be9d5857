import 'reflect-metadata';
import { callsDirectly } from '../../config.js';
import { ParkedDeliveries } from '../../messaging/index.js';
import { Age, ParkedId } from '../admin.schemas.js';
import { detailsOf, listOf, redrivenOf } from './parked.view.js';
import { run, toolCommand, ToolRefused, withDatabase } from './tool.js';

const MOST_LISTED = 10_000;
const HELP = `
A parked delivery has failed, or stands behind one of its key that has. It is
tried again when its time comes; one that waits for a person is not. Redrive
makes whole lanes (subscriber, topic, key) due now, in their order; delete gives
one delivery up for good. Both change rows only: the running shop does the rest.

On the settings of the environment (DATABASE_URL), else on the shop that
npm start runs or ran.`;

interface Selection {
  id?: string;
  code?: string;
  olderThan?: string;
}

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

function parkedId(text: string): string {
  if (ParkedId.safeParse(text).success) return text;
  throw new ToolRefused(`${text} is not the id of a parked delivery: npm run parked lists them.`);
}

function age(text: string): number {
  const parsed = Age.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ToolRefused(`--older-than ${text} is not an age: write it as 30s, 15m, 24h or 7d.`);
}

function limit(text: string): number {
  const found = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (found >= 1 && found <= MOST_LISTED) return found;
  throw new ToolRefused(`--limit ${text} is not a number of rows: write one from 1 to ${MOST_LISTED}.`);
}

/** Redrive is for a mode that delivers: the one that drives the database now, whatever the environment says. */
const parked = <T>(work: (deliveries: ParkedDeliveries) => Promise<T>): Promise<T> =>
  withDatabase(process.env, (db, mode) =>
    work(new ParkedDeliveries(db.manager, mode !== undefined && !callsDirectly(mode))),
  );

const command = toolCommand('parked', 'Shows and changes the deliveries that are parked.').addHelpText('after', HELP);

command
  .command('list', { isDefault: true })
  .description('the oldest parked deliveries')
  .option('--limit <rows>', 'how many', '100')
  .option('--json', 'as JSON, as /admin/parked answers')
  .action(async (options: { limit: string; json?: boolean }) => {
    const most = limit(options.limit);
    const deliveries = await parked((all) => all.list(most + 1));
    console.log(options.json ? json({ deliveries: deliveries.slice(0, most) }) : listOf(deliveries, most));
  });

command
  .command('show')
  .argument('<id>')
  .description('one delivery with its error, headers and payload, and what stands before it')
  .option('--json', 'as JSON, whole')
  .action(async (id: string, options: { json?: boolean }) => {
    const record = await parked((all) => all.read(parkedId(id)));
    console.log(options.json ? json(record) : detailsOf(record));
  });

command
  .command('redrive')
  .description('makes lanes due now; every condition that is given must hold')
  .option('--id <id>', 'the lane of this delivery')
  .option('--code <code>', 'lanes that failed with this error, such as contract_broken')
  .option('--older-than <age>', 'lanes that have failed for longer: 30s, 15m, 24h, 7d')
  .option('--json', 'as JSON')
  .action(async (options: Selection & { json?: boolean }) => {
    const { id, code, olderThan } = options;
    if (id === undefined && code === undefined && olderThan === undefined)
      throw new ToolRefused('Redrive needs to know what: give --id, --code or --older-than.');
    const selection = {
      id: id === undefined ? undefined : parkedId(id),
      code,
      olderThanMs: olderThan === undefined ? undefined : age(olderThan),
    };
    const redriven = await parked((all) => all.redrive(selection));
    console.log(options.json ? json(redriven) : redrivenOf(redriven));
  });

command
  .command('delete')
  .argument('<id>')
  .description('gives one delivery up: no repeat brings it back')
  .action(async (id: string) => {
    await parked((all) => all.delete(parkedId(id)));
    console.log(`Deleted ${id}: this delivery will never be made.`);
  });

await run(command);
