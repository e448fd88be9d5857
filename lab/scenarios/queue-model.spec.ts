import { simulateQueue, simulateRounds } from './queue-model.js';

const evenly = (rate: number, seconds: number) =>
  Array.from({ length: rate * seconds }, (_, index) => (index * 1000) / rate);

describe('the queue that predicts a slow module', () => {
  it('lets everybody through while there are servers enough', () => {
    const outcome = simulateQueue({ arrivals: evenly(20, 6), servers: 10, serviceMs: () => 400 });
    expect(outcome).toMatchObject({ acceptedShare: 1, p50Ms: 400, p95Ms: 400 });
  });

  it('grows by what comes too much, until who waits too long is turned away', () => {
    // 10 servers of 1 s take 10 a second; of 20 a second, who comes at t waits t s.
    const arrivals = evenly(20, 6);
    const patient = simulateQueue({ arrivals, servers: 10, serviceMs: () => 1000 });
    expect(patient.acceptedShare).toBe(1);
    expect(patient.endMs).toBeGreaterThanOrEqual(12_000);
    const hasty = simulateQueue({ arrivals, servers: 10, serviceMs: () => 1000, patienceMs: 3000 });
    // Whoever comes in the first 2.5 s: the servers work on for those who have gone.
    expect(hasty.acceptedShare).toBeCloseTo(2.5 / 6, 2);
  });

  it('is soon empty when the servers become quick again', () => {
    const serviceMs = (startMs: number) => (startMs < 6000 ? 2000 : 10);
    const { endMs } = simulateQueue({ arrivals: evenly(20, 6), servers: 16, serviceMs });
    expect(endMs).toBeLessThan(8_200);
  });

  it('fed in rounds lets who comes during one wait until its end', () => {
    // The first takes the servers at 0; those of 100 and 200 ms begin together at 300 ms.
    const outcome = simulateRounds({ arrivals: [0, 100, 200], servers: 16, serviceMs: () => 300 }, [0, 0, 0]);
    expect(outcome).toMatchObject({ acceptedShare: 1, p50Ms: 400, p95Ms: 500, endMs: 600 });
  });

  it('fed in rounds works off more than it has servers for in the same round', () => {
    const outcome = simulateRounds({ arrivals: [0, 0, 0], servers: 2, serviceMs: () => 300 }, [0, 0, 0]);
    expect(outcome).toMatchObject({ p50Ms: 300, p95Ms: 600, endMs: 600 });
  });

  it('fed in rounds takes one turn after another, not who came first', () => {
    // The first keeps the only server until 1 s; then the third, whose turn is before that of the second.
    const outcome = simulateRounds({ arrivals: [0, 100, 900], servers: 1, serviceMs: () => 1000 }, [0, 1, 0]);
    expect(outcome).toMatchObject({ p50Ms: 1100, p95Ms: 2900, endMs: 3000 });
  });
});
