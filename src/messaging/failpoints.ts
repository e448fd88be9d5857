import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.js';

/** Every step between a request and its last effect at which a process can be made to fail. */
export const PLACES = [
  'request.before-commit',
  'request.after-commit',
  'relay.after-read',
  'relay.after-send',
  'relay.after-acknowledgement',
  'relay.after-delete',
  'delivery.before-handler',
  'provider.after-answer',
  'effect.before-commit',
  'effect.after-commit',
  'offset.before-commit',
  'offset.after-commit',
] as const;
export type Place = (typeof PLACES)[number];

/** What a failpoint throws when it is told to throw. */
export class FailpointReached extends Failure {
  readonly code = 'failpoint_reached';
  readonly retryable = true;
}

type Action = 'kill' | 'stop' | 'throw' | { delayMs: number };

interface Failpoint {
  place: Place;
  action: Action;
  /** On which pass it acts, counted from 1; or with which probability on each. */
  on: { pass: number } | { percent: number };
}

const SHAPE = /^([a-z.-]+):(?:(kill|stop|throw)|delay=(\d{1,6}))(?:@(\d{1,9})(%?))?$/;

/**
 * Reads `<place>:<action>@<n>` or `@<p>%`, several by comma; without `@` it acts on every pass.
 * @throws RangeError that names the part which cannot be read.
 */
export function parseFailpoints(text: string): Failpoint[] {
  return text.split(',').map((part) => {
    const [, place, word, delay, number, percent] = SHAPE.exec(part.trim()) ?? [];
    if (!place || !(PLACES as readonly string[]).includes(place))
      throw new RangeError(`${part} is no failpoint: write <place>:<action>@<n>; places are ${PLACES.join(', ')}`);
    const action: Action = delay === undefined ? (word as 'kill' | 'stop' | 'throw') : { delayMs: Number(delay) };
    const share = number === undefined ? 100 : Number(number);
    return {
      place: place as Place,
      action,
      on: number !== undefined && !percent ? { pass: share } : { percent: share },
    };
  });
}

/** Waits for a pass of a place; for tests. */
type Listener = () => void;

/** The failpoints of this process. Empty, and then free, unless FAILPOINTS or a test arms some. */
class Failpoints {
  private armed: Failpoint[] = [];
  private readonly passes = new Map<Place, number>();
  private readonly listeners = new Map<Place, Set<Listener>>();
  private active = false;

  arm(failpoints: readonly Failpoint[]): void {
    this.armed = [...failpoints];
    this.passes.clear();
    this.update();
  }

  /** Calls `listener` on every pass of a place; returns the way to stop. */
  listen(place: Place, listener: Listener): () => void {
    const all = this.listeners.get(place) ?? new Set();
    this.listeners.set(place, all.add(listener));
    this.update();
    return () => {
      all.delete(listener);
      this.update();
    };
  }

  /** The product calls this where it may be made to fail. */
  reach(place: Place): Promise<void> | undefined {
    return this.active ? this.act(place) : undefined;
  }

  private async act(place: Place): Promise<void> {
    const pass = (this.passes.get(place) ?? 0) + 1;
    this.passes.set(place, pass);
    for (const listener of this.listeners.get(place) ?? []) listener();
    for (const { place: at, action, on } of this.armed) {
      if (at !== place) continue;
      if ('pass' in on ? on.pass !== pass : Math.random() * 100 >= on.percent) continue;
      if (action === 'kill') process.kill(process.pid, 'SIGKILL');
      else if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
      else if (action === 'throw') throw new FailpointReached(`The failpoint ${place} was told to throw.`);
      else await pause(action.delayMs);
    }
  }

  private update(): void {
    this.active = this.armed.length > 0 || [...this.listeners.values()].some((all) => all.size > 0);
  }
}

export const failpoints = new Failpoints();
