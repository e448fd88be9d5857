import { CONNECTIONS } from '../arms/settings.js';
import { Fairness } from './fairness.js';

describe('the fairness of a run', () => {
  it('allows each process its connections, and says when one has held more', () => {
    const fairness = new Fairness();
    fairness.connectionsSeen('async', 2 * CONNECTIONS, 2);
    expect(fairness.rows()).toEqual([]);
    fairness.connectionsSeen('async', CONNECTIONS + 1, 1);
    expect(fairness.rows()).toMatchObject([{ values: { async: `${CONNECTIONS + 1} seen` } }]);
  });
});
