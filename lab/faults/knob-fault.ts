import type { BlockSpec } from '../run/block-spec.js';
import type { Live } from '../run/live.js';
import { readKnob, type Knob } from './knobs.js';

type Knobs = readonly [Knob, ...Knob[]];
type KnobFault = Pick<BlockSpec, 'knobs' | 'during'>;

/** The outside world behaves badly until every customer of the load has his answer, or has stopped waiting for it. */
export const faultThroughout = (name: string, seconds: number, knobs: Knobs): KnobFault =>
  fault(name, seconds, knobs, () => Promise.resolve());

/** The outside world behaves badly for the first seconds of the load; what the stand-ins say of themselves shows it. */
export const faultOfKnobs = (name: string, seconds: number, knobs: Knobs): KnobFault =>
  fault(name, seconds, knobs, (live) => live.knobs([]));

const fault = (name: string, seconds: number, knobs: Knobs, heal: (live: Live) => Promise<void>): KnobFault => ({
  knobs,
  during: async (live) => {
    live.recorder.fault(name, 'start');
    await live.at(seconds);
    const evidence = await readKnob(live.stage.standIns.mailboxUrl, knobs[0].target);
    await heal(live);
    live.recorder.fault(name, 'stop', evidence);
  },
});
