import { Lanes } from './lanes.js';

/** Work that ends when the test says so. */
class Works {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();

  start = (name: string) => (): Promise<void> => {
    this.begun.push(name);
    return new Promise((resolve, reject) => {
      this.ends.set(name, (error) => (error ? reject(error) : resolve()));
    });
  };

  async end(name: string, error?: Error): Promise<void> {
    this.ends.get(name)!(error);
    await turns();
  }
}

/** Lets everything happen that waits for nothing but promises. */
const turns = () => new Promise(setImmediate);

describe('lanes', () => {
  it('run the work of one lane in order, one after another', async () => {
    const works = new Works();
    const lanes = new Lanes(10);
    const all = ['a1', 'a2', 'a3'].map((name) => lanes.run('a', works.start(name)));
    await turns();
    expect(works.begun).toEqual(['a1']);
    await works.end('a1');
    expect(works.begun).toEqual(['a1', 'a2']);
    await works.end('a2');
    await works.end('a3');
    await Promise.all(all);
    expect(works.begun).toEqual(['a1', 'a2', 'a3']);
  });

  it('run side by side up to their limit, and never more', async () => {
    const works = new Works();
    const lanes = new Lanes(2);
    for (const name of ['a', 'b', 'c', 'd']) void lanes.run(name, works.start(name));
    await turns();
    expect(works.begun).toEqual(['a', 'b']);
    await works.end('b');
    expect(works.begun).toEqual(['a', 'b', 'c']);
    await works.end('a');
    expect(works.begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('go on after work that failed, and tell its caller', async () => {
    const works = new Works();
    const lanes = new Lanes(1);
    const failed = lanes.run('a', works.start('a1'));
    const heard = failed.catch((error: Error) => error.message);
    void lanes.run('a', works.start('a2'));
    await turns();
    await works.end('a1', new Error('no luck'));
    expect(await heard).toBe('no luck');
    expect(works.begun).toEqual(['a1', 'a2']);
  });
});
