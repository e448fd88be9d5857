import fs from 'node:fs';
import os from 'node:os';
import { startBroker } from './kafka-broker.js';
import { archiveFile, brokerFiles } from './kafka-java.js';
import { gone, signal } from './processes.js';

/**
 * Makes the class data archive that halves the time to start a broker, unless it is there: a throw-away broker in
 * `dir` writes it when it ends. It only saves time, so nothing that goes wrong here is an error.
 */
export async function makeArchive(dir: string, stop: AbortSignal): Promise<void> {
  try {
    const archive = archiveFile(await brokerFiles());
    if (fs.existsSync(archive) || stop.aborted) return;
    const aside = `${archive}.${process.pid}`;
    const broker = await startBroker({ dir, jvmFlags: [`-XX:ArchiveClassesAtExit=${aside}`] });
    const kill = () => signal(broker.pid, 'SIGKILL');
    stop.addEventListener('abort', kill);
    if (stop.aborted) kill();
    os.setPriority(broker.pid, os.constants.priority.PRIORITY_LOW);
    signal(broker.pid, 'SIGTERM');
    const whole = (await gone(broker.pid, 60_000)) && !stop.aborted;
    kill();
    if (whole && fs.existsSync(aside)) fs.renameSync(aside, archive);
    fs.rmSync(aside, { force: true });
  } catch {
    return;
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
