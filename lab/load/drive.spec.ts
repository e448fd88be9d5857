import { nowMs } from './clock.js';
import { drive } from './drive.js';
import type { PlannedOrder } from './arrivals.js';

const ordersAt = (...times: number[]): PlannedOrder[] =>
  times.map((atMs, index) => ({ atMs, id: String(index), idem: String(index), user: 0, total: 1000 }));
const never = new AbortController().signal;

describe('the generator', () => {
  it('sends every order at its time, also while none of those before is answered', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const sent: number[] = [];
    const began = nowMs();
    const driving = drive(ordersAt(0, 20, 40), began, 50, async (_order, intendedMs) => {
      sent.push(intendedMs - began);
      if (sent.length === 3) answer();
      await answered;
    }, never); // prettier-ignore
    const { sentInTime, delaysMs } = await driving;
    expect(sent).toEqual([0, 20, 40]);
    expect(sentInTime).toBe(3);
    expect(delaysMs.every((delay) => delay >= 0)).toBe(true);
  });

  it('says how many came too late, and by how much', async () => {
    const { sentInTime, delaysMs } = await drive(ordersAt(0, 1, 2), nowMs() - 500, 10, () => Promise.resolve(), never);
    expect(sentInTime).toBe(0);
    expect(Math.min(...delaysMs)).toBeGreaterThan(400);
  });

  it('takes an order for in time that is late by less than the time of one', async () => {
    const lateBy = (lateMs: number) =>
      drive(ordersAt(0), nowMs() - 1_000 - lateMs, 1_000, () => Promise.resolve(), never);
    expect((await lateBy(100)).sentInTime).toBe(1);
    expect((await lateBy(1_100)).sentInTime).toBe(0);
  });

  it('stops at once when it is told to', async () => {
    const stopping = new AbortController();
    const driving = drive(ordersAt(0, 60_000), nowMs(), 60_000, () => Promise.resolve(), stopping.signal);
    stopping.abort();
    await expect(driving).rejects.toThrow('abort');
  });

  it('passes on what goes wrong in the lab itself', async () => {
    const full = () => Promise.reject(new Error('the disk is full'));
    await expect(drive(ordersAt(0), nowMs(), 10, full, never)).rejects.toThrow('the disk is full');
  });
});
