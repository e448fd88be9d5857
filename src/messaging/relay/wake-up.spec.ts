import pg from 'pg';
import type { MessagingOptions } from '../messaging-options.js';
import { WakeUp } from './wake-up.js';

describe('the wake-up of a relay in another process', () => {
  let sent: (() => void)[];
  let wakeUp: WakeUp;
  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    jest.spyOn(pg.Client.prototype, 'connect').mockResolvedValue(undefined as never);
    jest.spyOn(pg.Client.prototype, 'end').mockResolvedValue(undefined as never);
    const query: unknown = (text: string) =>
      text.startsWith('NOTIFY') ? new Promise<void>((resolve) => sent.push(resolve)) : Promise.resolve();
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(query as () => void);
    wakeUp = new WakeUp({ databaseUrl: 'postgres://nowhere/shop' } as MessagingOptions);
  });
  afterEach(async () => {
    await wakeUp.close();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('is a NOTIFY at once after a silence, and then one for all commits of five milliseconds', async () => {
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(1);
    sent[0]!();
    await jest.advanceTimersByTimeAsync(1);
    for (let n = 0; n < 100; n++) wakeUp.signal();
    await jest.advanceTimersByTimeAsync(3);
    expect(sent).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
  });

  it('waits for a NOTIFY that is under way, and sends another for what was committed meanwhile', async () => {
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(5);
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(1);
    sent[0]!();
    await jest.advanceTimersByTimeAsync(5);
    expect(sent).toHaveLength(2);
    sent[1]!();
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(2);
  });

  it('waits for no disk', async () => {
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(0);
    const asked = jest.mocked(pg.Client.prototype.query).mock.calls.map(([statement]) => statement as unknown);
    expect(asked).toEqual(['SET synchronous_commit = off', 'NOTIFY outbox']);
  });

  it('leaves no connection behind that could not be made ready', async () => {
    const refused: unknown = () => Promise.reject(new Error('PostgreSQL is going down.'));
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(refused as () => void);
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(0);
    expect(pg.Client.prototype.end).toHaveBeenCalledTimes(1);
  });

  it('sends none while the relay listens in this process', async () => {
    let woken = 0;
    const stop = wakeUp.listen(() => woken++);
    wakeUp.signal();
    await jest.advanceTimersByTimeAsync(1000);
    expect({ woken, sent: sent.length }).toEqual({ woken: 1, sent: 0 });
    stop();
  });
});
