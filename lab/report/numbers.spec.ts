import { duration, factor, percent, quantity, zeroOf } from './numbers.js';

describe('numbers', () => {
  it.each([
    [0, '0 ms'],
    [0.34, '0.3 ms'],
    [8.25, '8.3 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1240, '1.24 s'],
    [60_000, '60 s'],
    [1_080_000, '18 min'],
    [36_000_000, '10 h'],
  ])('say %d ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [1, '100 %'],
    [0.9996, '99.9 %'],
    [0.475, '47.5 %'],
    [0.0004, '0.04 %'],
    [0.00001, '< 0.01 %'],
    [0, '0 %'],
  ])('call only all 100 %%: %d is %s', (share, text) => expect(percent(share)).toBe(text));

  it('put beside every zero how many it may hide', () => {
    expect(zeroOf(3000)).toBe('0 of 3000 (≤ 0.1 %)');
    expect(zeroOf(5, 'kills')).toBe('0 of 5 kills (≤ 60 %)');
    expect(zeroOf(2)).toBe('0 of 2 (≤ 100 %)');
  });

  it('have the unit of their metric, and no more digits than a run can tell apart', () => {
    expect(quantity('cpuMsPerOrder', 9.2897)).toBe('9.29 ms');
    expect(quantity('effectsP95Ms', 5512)).toBe('5.51 s');
    expect(quantity('drainS', 12.34)).toBe('12.3 s');
    expect(quantity('walKbPerOrder', 13.635)).toBe('13.6 kB');
    expect(quantity('statementsPerOrder', 10)).toBe('10');
    expect([0.0347, 0.343, 1.852, 18.8, 122.4].map(factor)).toEqual(['×0.035', '×0.34', '×1.85', '×18.8', '×122']);
  });
});
