import { endAllOn } from './left-behind.js';

// A run that is killed ends nothing: this process outlives it, sees its end of the pipe close, and does.
const [dir] = process.argv.slice(2);
let over = false;
process.stdin.on('data', () => (over = true));
process.stdin.on('end', () => {
  if (!over) endAllOn(dir!);
});
