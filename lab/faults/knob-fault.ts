import type { BlockSpec } from '../run/block-spec.js';
import { readKnob, type Knob } from './knobs.js';

/** The outside world behaves badly until every customer of the load has his answer, or has stopped waiting for it. */
export function faultThroughout(
  name: string,
  seconds: number,
  knobs: readonly [Knob, ...Knob[]],
): Pick<BlockSpec, 'knobs' | 'during'> {
  return {
    knobs,
    during: async (live) => {
      live.recorder.fault(name, 'start');
      await live.at(seconds);
      live.recorder.fault(name, 'stop', await readKnob(live.stage.standIns.mailboxUrl, knobs[0].target));
    },
  };
}

/** The outside world behaves badly for the first seconds of the load; what the stand-ins say of themselves shows it. */
export function faultOfKnobs(
  name: string,
  seconds: number,
  knobs: readonly [Knob, ...Knob[]],
): Pick<BlockSpec, 'knobs' | 'during'> {
  return {
    knobs,
    during: async (live) => {
      live.recorder.fault(name, 'start');
      await live.at(seconds);
      const evidence = await readKnob(live.stage.standIns.mailboxUrl, knobs[0].target);
      await live.knobs([]);
      live.recorder.fault(name, 'stop', evidence);
    },
  };
}
