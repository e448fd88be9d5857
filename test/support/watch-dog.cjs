const { rmSync } = require('node:fs');

// A test run that is killed ends no service: this process outlives it, sees its end of the pipe close, and does.
const [dir, ...pids] = process.argv.slice(2);
let stoppedByItself = false;
process.stdin.on('data', () => (stoppedByItself = true));
process.stdin.on('end', () => {
  if (stoppedByItself) return;
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
