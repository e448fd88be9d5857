import fs from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { homeFolder } from './folders.js';
import { endLeftOvers } from './left-overs.js';
import { takeLock } from './lock.js';
import { lockFile } from './run-file.js';

/** Of all that may lie in a home folder, only this is ours to remove. */
const OURS = ['postgres', 'kafka', 'kafka-archive', 'stand-ins', 'run.json'];

new Command('npm run reset --')
  .description('Removes all data of the local shop: .switchyard, or SWITCHYARD_HOME.')
  .parse();

const home = homeFolder();
const there = OURS.map((name) => path.join(home, name)).filter((place) => fs.existsSync(place));
if (there.length === 0) {
  console.log(`Nothing to remove in ${home}.`);
} else {
  const lock = takeLock(lockFile(home));
  if (typeof lock === 'number') {
    console.error(`The shop is running (pid ${lock}): stop it with Ctrl-C first.`);
    process.exitCode = 1;
  } else {
    const ended = await endLeftOvers(home);
    if (ended > 0) console.log(`Ended ${ended} left-over ${ended === 1 ? 'process' : 'processes'}.`);
    for (const place of there) {
      fs.rmSync(place, { recursive: true, force: true });
      console.log(`Removed ${place}`);
    }
    lock();
  }
}
