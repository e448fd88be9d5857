import { isAlive } from '../../local/processes.js';
import type { Live } from '../run/live.js';

/** The server dies, and comes back on its data so many seconds later. */
export async function killPostgres(live: Live, seconds: number): Promise<void> {
  const { stage } = live;
  const { postgres } = stage;
  await live.fault(
    'PostgreSQL killed',
    async () => {
      await postgres.kill9();
      const evidence = isAlive(postgres.pid) ? undefined : `PostgreSQL, process ${postgres.pid}, ended`;
      await live.pause(seconds * 1000);
      return evidence;
    },
    async () => (stage.postgres = await postgres.restart()),
  );
}
