// Plain old JavaScript, so that an old Node gets as far as saying that it is old.
import fs from 'fs';
import path from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

var COMMANDS = {
  start: ['dist/local/start.js', 'starts the shop and whatever it needs that is not there'],
  parked: ['dist/local/operate.js', 'shows and changes deliveries that are parked', ['parked']],
  subscribers: ['dist/local/operate.js', 'shows who hears what, and how far behind', ['subscribers']],
  drain: ['dist/local/operate.js', 'finishes what the last mode has begun', ['drain']],
  reset: ['dist/local/reset.js', 'removes all data of the local shop'],
  guarantees: ['dist/src/designs/guarantees.cli.js', 'prints what each mode guarantees'],
  chaos: ['dist/test/chaos/chaos.js', 'breaks a shop of its own, and judges what it has kept'],
  contracts: ['dist/src/contracts/contracts.cli.js', 'writes the schemas of the events; --check compares them'],
  compare: ['dist/lab/main.js', 'runs every design under the same load and the same faults, and says what came of it'],
  bench: ['dist/bench/main.js', 'measures messaging beside its limits'],
  build: [null, 'compiles the sources, if they have changed'],
};
var HELP =
  'Usage: node local/launch.mjs [command] [options]\n\nBuilds what has changed, then runs a command (start, when none is given):\n\n' +
  Object.keys(COMMANDS)
    .map(function (name) {
      return '  ' + (name + '            ').slice(0, 13) + COMMANDS[name][1];
    })
    .join('\n') +
  '\n\nEach command has its own --help.\n';

var root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function fail(sentence) {
  process.stderr.write(sentence + '\n');
  process.exit(1);
}

function main(words) {
  if (words[0] === '--help' || words[0] === '-h') return process.stdout.write(HELP);
  var version = process.versions.node.split('.').map(Number);
  if (version[0] < 20 || (version[0] === 20 && version[1] < 19))
    return fail('Node ' + process.versions.node + ' is too old: install Node 20.19 or newer.');
  if (!fs.existsSync(path.join(root, 'node_modules', 'typescript')))
    return fail('The packages are not installed: run npm ci first.');
  var named = words.length > 0 && words[0][0] !== '-';
  var name = named ? words[0] : 'start';
  if (!Object.prototype.hasOwnProperty.call(COMMANDS, name))
    return fail(name + ' is not a command: use one of ' + Object.keys(COMMANDS).join(', ') + '.');
  return import('./build.mjs')
    .then(function (build) {
      return build.buildIfStale(root);
    })
    .then(function () {
      var script = COMMANDS[name][0];
      if (script === null) return undefined;
      var file = path.join(root, script);
      process.argv = [process.argv[0], file].concat(COMMANDS[name][2] || [], named ? words.slice(1) : words);
      return import(pathToFileURL(file).href);
    });
}

main(process.argv.slice(2));
