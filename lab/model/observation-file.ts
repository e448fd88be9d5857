import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../local/problem.js';
import { Observation } from './observation.js';

const fileOf = (folder: string, block: string) => path.join(folder, 'observations', `${block}.json`);

/** Keeps what was read of a block; a kill leaves the whole file or none. */
export function writeObservation(folder: string, observation: Observation): void {
  const file = fileOf(folder, observation.block);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, JSON.stringify(observation));
  fs.renameSync(`${file}.new`, file);
}

/** Undefined when nothing was read of this block. Throws `Problem` `observation_broken`. */
export function readObservation(folder: string, block: string): Observation | undefined {
  const file = fileOf(folder, block);
  if (!fs.existsSync(file)) return undefined;
  try {
    return Observation.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    const sentence = `${file} is no observation of a block: delete the run's folder and run it again.`;
    throw new Problem('observation_broken', sentence, { cause: error });
  }
}
