import { drawRoles, SUBSCRIBERS } from './fleet.js';
import { Random } from './random.js';
import { FAULT_KINDS, schedule } from './schedule.js';

describe('the schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(schedule(7, 100)).toEqual(schedule(7, 100));
    expect(schedule(7, 100)).not.toEqual(schedule(8, 100));
  });

  it('has as many faults as were asked for, numbered', () => {
    for (const count of [1, 2, 19, 200])
      expect(
        schedule(count, count)
          .flat()
          .map(({ id }) => id),
      ).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  });

  it('meets every kind before one comes again', () => {
    const kinds = schedule(3, FAULT_KINDS.length)
      .flat()
      .map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(FAULT_KINDS));
  });
});

describe('the processes of a run', () => {
  it('are the same for the same seed', () => {
    expect(drawRoles(new Random(7))).toEqual(drawRoles(new Random(7)));
  });

  it('give every group two owners', () => {
    for (let seed = 0; seed < 50; seed++) {
      const split = drawRoles(new Random(seed)).flatMap(({ subscribers }) => subscribers ?? []);
      expect(split.sort()).toEqual([...SUBSCRIBERS].sort());
    }
  });
});
