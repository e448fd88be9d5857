/** One Ctrl-C reaches us twice: from the terminal and from npm, which passes it on. A person needs longer than this. */
const SAME_KEY_MS = 250;

export interface StopRequests {
  /** Somebody has asked to stop. */
  first: Promise<void>;
  /** Somebody has lost patience. */
  second: Promise<void>;
}

/** Listens for Ctrl-C, SIGTERM and a terminal that closes. */
export function stopRequests(): StopRequests {
  let askFirst = () => {};
  let askSecond = () => {};
  const first = new Promise<void>((resolve) => (askFirst = resolve));
  const second = new Promise<void>((resolve) => (askSecond = resolve));
  let asked = 0;
  const hear = () => {
    if (!asked) {
      asked = Date.now();
      askFirst();
    } else if (Date.now() - asked > SAME_KEY_MS) askSecond();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  // A terminal that has gone must not end us before everything is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return { first, second };
}
