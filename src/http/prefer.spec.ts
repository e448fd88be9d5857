import { preferredWait } from './prefer.js';

describe('the wait that a client prefers', () => {
  it.each([
    ['wait=5', 5000],
    ['respond-async, wait=10', 10_000],
    ['Wait = "3" ; quality=1', 3000],
    ['wait=0', 0],
    ['wait=1, wait=2', 1000],
  ])('is read from %s', (header, wait) => expect(preferredWait(header)).toBe(wait));

  it('is at most half a minute', () => expect(preferredWait('wait=999999999')).toBe(30_000));

  it.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=soon', 'wait=1.5', 'waiting=5', 'wait=99999999999999'])(
    'is nothing for %s',
    (header) => expect(preferredWait(header)).toBeUndefined(),
  );
});
