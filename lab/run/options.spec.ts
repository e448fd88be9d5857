import { readRequest } from './options.js';

/** What commander says of these words, without the help that follows. */
function refusal(...words: string[]): string {
  const said: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    expect(() => readRequest(words)).toThrow();
  } finally {
    write.mockRestore();
  }
  return said.join('').split('\n')[0]!;
}

const options = (...words: string[]) => {
  const request = readRequest(words);
  if (request.what !== 'run') throw new Error('No run was asked for.');
  return request.options;
};

describe('npm run compare --', () => {
  it('without a word runs the short tier at 20 orders a second', () => {
    expect(options()).toMatchObject({ scenarios: [], tier: 'quick', rate: 20, seed: 1, report: 'report/index.html' });
  });

  it('takes scenarios in any case, once each, with the options of all', () => {
    const words = [
      's5',
      'S0',
      'S5',
      '--kills',
      '30',
      '--arms',
      'sync,async',
      '--billing-latency',
      '300ms',
      '--seed',
      '9',
    ];
    expect(options(...words)).toMatchObject({
      scenarios: ['S5', 'S0'],
      kills: 30,
      arms: ['sync', 'async'],
      billingLatencyMs: 300,
      seed: 9,
    });
  });

  it('reads the other things that can be asked for', () => {
    expect(readRequest(['check', 'runs/1'])).toEqual({ what: 'check', folder: 'runs/1' });
    expect(readRequest(['diff', 'a.json', 'b.json'])).toEqual({ what: 'diff', files: ['a.json', 'b.json'] });
    expect(readRequest(['explain', 'o-1', 'runs/1'])).toEqual({ what: 'explain', orderId: 'o-1', folder: 'runs/1' });
  });

  it.each([
    [['S99'], 'S99 is no scenario: use one of S5, S0'],
    [['--arms', 'sync,fast'], 'fast is no arm: use one of sync, sync-hardened'],
    [['--rate', '0'], 'Write a whole number from 1 to 1000'],
    [['--rate', '20.5'], 'Write a whole number from 1 to 1000'],
    [['--kills', 'many'], 'Write a whole number from 1 to 1000'],
    [['--tier', 'endless'], 'Write quick or standard'],
    [['--billing-latency', '300'], 'Write a duration of at most 60s, such as 300ms or 2s'],
    [['--price-core-hour', '-1'], 'Write an amount such as 0.05'],
    [['--frob'], "unknown option '--frob'"],
    [['check'], "missing required argument 'run'"],
  ])('%j is refused in a sentence', (words, sentence) => {
    expect(refusal(...words)).toContain(sentence);
  });
});
