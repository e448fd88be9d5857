import { Random } from './random.js';

/** Everything that is done to the shop; the table of the report has one row for each. */
export const FAULT_KINDS = [
  'process killed',
  'process stopped',
  'process restarted',
  'failpoint kill',
  'failpoint stop',
  'failpoint throw',
  'broker killed',
  'broker restarted',
  'broker frozen',
  'postgres killed',
  'postgres restarted',
  'postgres frozen',
  'kafka cut',
  'kafka delayed',
  'kafka blackholed',
  'postgres cut',
  'postgres delayed',
  'postgres blackholed',
  'groups rewound',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Faults of one area exclude each other within a wave: what is dead cannot be frozen. */
const AREAS: Record<string, readonly FaultKind[]> = {
  processes: [
    'process killed',
    'process stopped',
    'process restarted',
    'failpoint kill',
    'failpoint stop',
    'failpoint throw',
    'groups rewound',
  ],
  brokers: ['broker killed', 'broker restarted', 'broker frozen'],
  postgres: ['postgres killed', 'postgres restarted', 'postgres frozen'],
  'network to kafka': ['kafka cut', 'kafka delayed', 'kafka blackholed'],
  'network to postgres': ['postgres cut', 'postgres delayed', 'postgres blackholed'],
};

/** Whose part of the work a failpoint stands in. */
const PLACES = {
  api: ['request.before-commit', 'request.after-commit'],
  relay: ['relay.after-read', 'relay.after-send', 'relay.after-acknowledgement', 'relay.after-delete'],
  subscribers: [
    'delivery.before-handler',
    'provider.after-answer',
    'effect.before-commit',
    'effect.after-commit',
    'offset.before-commit',
    'offset.after-commit',
  ],
} as const;
export type Part = keyof typeof PLACES;

/** Where a failure can be thrown: around an offset's commit nobody would hear it. */
const THROWN: Record<Part, readonly string[]> = {
  ...PLACES,
  subscribers: ['delivery.before-handler', 'provider.after-answer', 'effect.before-commit', 'effect.after-commit'],
};

export interface PlannedFault {
  id: number;
  kind: FaultKind;
  /** Milliseconds after the wave has begun. */
  afterMs: number;
  /** For how long it holds; a failpoint takes its own time. */
  holdMs: number;
  /** Which of the processes, brokers or groups, modulo their number. */
  target: number;
  failpoint?: { part: Part; setting: string };
  /** By how many records a group is set back. */
  records?: number;
}

/** Faults that overlap; the next wave begins when an order that was placed after this one has been shipped. */
export type Wave = PlannedFault[];

/** The same seed draws the same faults, in the same order, for the same times. */
export function schedule(seed: number, faults: number): Wave[] {
  const random = new Random(seed);
  const waves: Wave[] = [];
  // Every kind comes once before any comes again, so that a short run meets as many as a long one can.
  let coming = random.shuffle(FAULT_KINDS);
  for (let id = 1; id <= faults;) {
    const size = Math.min(random.pick([1, 1, 1, 2, 2, 3]), faults - id + 1);
    const wave: Wave = [];
    const used = new Set<string>();
    while (wave.length < size) {
      if (coming.length === 0) coming = random.shuffle(FAULT_KINDS);
      const next = coming.findIndex((kind) => !used.has(areaOf(kind)));
      if (next < 0) break;
      const [kind] = coming.splice(next, 1) as [FaultKind];
      used.add(areaOf(kind));
      wave.push(draw(id++, kind, random));
    }
    waves.push(wave);
  }
  return waves;
}

const areaOf = (kind: FaultKind): string => Object.keys(AREAS).find((area) => AREAS[area]!.includes(kind))!;

function draw(id: number, kind: FaultKind, random: Random): PlannedFault {
  const fault = {
    id,
    kind,
    afterMs: random.whole(0, 1500),
    target: random.whole(0, 1000),
    holdMs: holdOf(kind, random),
  };
  if (kind === 'groups rewound') return { ...fault, records: random.whole(1, 60) };
  if (!kind.startsWith('failpoint')) return fault;
  return { ...fault, failpoint: failpointOf(kind, random) };
}

/** A session ends after 10 s of silence and a leadership after 15 s: some pauses are longer, most are not. */
function holdOf(kind: FaultKind, random: Random): number {
  const pauses = /stopped|frozen|blackholed|stop$/.test(kind);
  return pauses ? random.pick([800, 2000, 4000, 7000, 13_000, 17_000]) : random.whole(200, 3000);
}

function failpointOf(kind: FaultKind, random: Random): PlannedFault['failpoint'] {
  const part = random.pick(['api', 'relay', 'subscribers', 'subscribers', 'subscribers'] as const);
  if (kind === 'failpoint throw')
    return { part, setting: `${random.pick(THROWN[part])}:throw@${random.pick([5, 20, 50])}%` };
  const action = kind === 'failpoint kill' ? 'kill' : 'stop';
  return { part, setting: `${random.pick<string>(PLACES[part])}:${action}@${random.whole(1, 12)}` };
}
