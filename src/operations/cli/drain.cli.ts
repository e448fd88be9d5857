import 'reflect-metadata';
import { callsDirectly, readConfig, type CommMode } from '../../config.js';
import { drain } from '../../drain.js';
import { run, toolCommand } from './tool.js';

const HELP = `
Delivers what the mode that last ran on this database has left in the outbox,
the topics and the lanes, and starts no other: any mode may start afterwards.
Lanes that wait for a person hold it; --leave-parked accepts them. Stopped or
killed, it loses nothing and can be run again.

On the settings of the environment, else on what npm start brings.`;

const stopping = new AbortController();
const stop = () => stopping.abort();

function outcome(former: CommMode | undefined): string {
  if (!former) return 'No mode has left anything on this database: any may start.';
  if (callsDirectly(former)) return `COMM_MODE=${former} leaves nothing behind: any mode may start.`;
  return `Everything of COMM_MODE=${former} is delivered: any mode may start.`;
}

const command = toolCommand('drain', 'Finishes what the last mode has begun, without starting another.')
  .option('--leave-parked', 'accept deliveries that wait for a person: they stay parked')
  .addHelpText('after', HELP)
  .action(async (options: { leaveParked?: boolean }) => {
    process.on('SIGINT', stop).on('SIGTERM', stop);
    // Whoever started this process was killed.
    process.on('disconnect', stop);
    // The modes that call directly need the least: the former one is read from the database.
    const { LOG_LEVEL = 'error' } = process.env;
    const config = readConfig({ ...process.env, COMM_MODE: 'sync', ROLES: '', SUBSCRIBERS: '', LOG_LEVEL });
    const former = await drain(config, {
      ...options,
      say: (sentence) => console.error(sentence),
      signal: stopping.signal,
    });
    console.log(outcome(former));
  });

await run(command);
process.exit();
