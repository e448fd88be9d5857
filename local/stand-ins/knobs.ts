import { createHash } from 'node:crypto';
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** How one part of the outside world behaves; what is left out is as on a good day. */
export const Knob = z
  .strictObject({
    target: z.enum(['payment', 'carrier', 'smtp']),
    latencyMs: z.int().min(0).max(600_000).default(0),
    errorRate: share.default(0),
    declineRate: share.default(0),
    /** refuse: closes the connection; hang: takes the request and never answers. */
    mode: z.enum(['up', 'refuse', 'hang']).default('up'),
  })
  .refine((knob) => knob.target === 'payment' || knob.declineRate === 0, {
    path: ['declineRate'],
    error: 'only payment can decline',
  });

export type Knob = z.infer<typeof Knob>;
export type Target = Knob['target'];

export type Fate = 'serve' | 'fail' | 'refuse' | 'hang';

/** The knobs of all targets, and the decisions that follow from them. */
export class Knobs {
  private readonly knobs: Record<Target, Knob> = {
    payment: Knob.parse({ target: 'payment' }),
    carrier: Knob.parse({ target: 'carrier' }),
    smtp: Knob.parse({ target: 'smtp' }),
  };
  private readonly attempts = new Map<string, number>();

  all(): Knob[] {
    return Object.values(this.knobs);
  }

  /** Replaces the knob of its target. */
  set(knob: Knob): void {
    this.knobs[knob.target] = knob;
  }

  of(target: Target): Knob {
    return this.knobs[target];
  }

  /** What becomes of a call. A repeat under the same key may fare better: each attempt is drawn anew. */
  fate(target: Target, key: string): Fate {
    const { mode, errorRate } = this.knobs[target];
    if (mode !== 'up') return mode;
    if (errorRate === 0) return 'serve';
    const attempt = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, attempt);
    return draw(`${target} ${key} ${attempt}`) < errorRate ? 'fail' : 'serve';
  }

  /** Whether this card is declined: the same key always gets the same decision. */
  declines(key: string): boolean {
    return draw(`decline ${key}`) < this.knobs.payment.declineRate;
  }
}

/** A number from 0 to 1 that depends on the text only, so that two runs meet the same luck. */
function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
