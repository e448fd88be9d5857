/**
 * The import rules of the shop. Each has a planted violation in test/fixtures/violations/<rule>, and
 * test/architecture.spec.ts proves that exactly this rule catches it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const test = '\\.(e2e-)?spec\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'modules-do-not-know-each-other',
      comment:
        'A module tells the others through its announcer and hears through its subscriber: move the call to src/designs.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: '^src/modules/$1/' },
    },
    {
      name: 'modules-do-not-know-the-design',
      comment: 'Business code is the same in every mode: inject the announcer port that the module owns.',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/designs/' },
    },
    {
      name: 'enter-a-module-by-its-index',
      comment: 'What index.ts does not export may change without a word: export it there, or do without.',
      severity: 'error',
      // Inside of a module files meet directly, other modules do not at all (first rule); a test may open what it tests.
      from: { pathNot: ['^src/modules/', '^test/'] },
      to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
    },
    {
      name: 'designs-do-not-know-each-other',
      comment:
        'sync and async are compared side by side and neither leans on the other: only controls/ may import both.',
      severity: 'error',
      from: { path: '^src/designs/(sync|async)/' },
      to: { path: '^src/designs/(sync|async|controls)/', pathNot: '^src/designs/$1/' },
    },
    {
      name: 'contracts-know-only-events',
      comment:
        'A contract is plain data that a stranger can read: it may import messaging/event and zod, nothing else.',
      severity: 'error',
      // The command line tool writes files and asks the subscribers who reads what; tests bring their own tools.
      from: { path: '^src/contracts/', pathNot: [test, '^src/contracts/contracts\\.cli\\.ts$'] },
      to: { pathNot: ['^src/contracts/', '^src/messaging/event\\.ts$', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'messaging-imports-only-itself',
      comment:
        'src/messaging can be lifted into another application: hand it what it needs through MessagingModule.forRoot.',
      severity: 'error',
      from: { path: '^src/messaging/', pathNot: test },
      to: { pathNot: ['^src/messaging/', '(^|/)node_modules/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'kafka-stays-in-messaging-kafka',
      comment:
        'The carrier can be replaced as long as one folder knows it: ask for a port of messaging instead of kafkajs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/messaging/kafka/' },
      to: { path: '(^|/)node_modules/(kafkajs|@types/kafkajs)/' },
    },
    {
      name: 'lab-imports-nothing-of-src',
      comment:
        'The lab judges the shop from outside, or it would share its mistakes: repeat the name, a test compares it.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^src/' },
    },
    {
      name: 'judge-imports-nothing-of-src',
      comment:
        'The judge knows the rules of the shop by itself, or it would share its mistakes: repeat what it needs to know.',
      severity: 'error',
      from: { path: '^test/chaos/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-cycles',
      comment:
        'ES modules in a cycle meet half-loaded classes ("Cannot access before initialization"): move what both need out.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-lost-imports',
      comment: 'An import that cannot be resolved is checked by no rule: correct the path or add the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Type-only imports couple just as well: the compiler forgets them, a reader does not.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
