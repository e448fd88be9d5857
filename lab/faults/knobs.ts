/** How one part of the outside world behaves; what is left out is as on a good day. */
export interface Knob {
  target: 'payment' | 'carrier' | 'smtp';
  latencyMs?: number;
  errorRate?: number;
  declineRate?: number;
  mode?: 'up' | 'refuse' | 'hang';
}

const TARGETS = ['payment', 'carrier', 'smtp'] as const;

/** Turns the knobs; the targets that are not named are well. `url` is that of the stand-ins. */
export async function turnKnobs(url: string, knobs: readonly Knob[]): Promise<void> {
  await Promise.all(
    TARGETS.map(async (target) => {
      const knob = knobs.find((one) => one.target === target) ?? { target };
      const answer = await fetch(new URL('/knobs', url), { method: 'PUT', body: JSON.stringify(knob) });
      if (!answer.ok) throw new Error(`The stand-ins refuse the knob ${JSON.stringify(knob)}: ${await answer.text()}`);
    }),
  );
}

/** What the stand-ins say of one of themselves. */
export async function readKnob(url: string, target: Knob['target']): Promise<string> {
  const knobs = (await (await fetch(new URL('/knobs', url))).json()) as Knob[];
  return JSON.stringify(knobs.find((knob) => knob.target === target));
}
