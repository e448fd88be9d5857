import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const sleep = 'A test waits for a condition with a limit (test/support), never for time to pass.';
const skipped = 'A skipped test guards nothing, and .only hides all others: delete it or mend it.';
const environment =
  'Settings are read in src/config.ts only: inject CONFIG, so that every setting is checked and documented.';

const noSkippedTests = [
  {
    selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|only|todo)$/]',
    message: skipped,
  },
  { selector: 'CallExpression[callee.name=/^(xdescribe|xit|xtest|fdescribe|fit)$/]', message: skipped },
];
const noSleeps = {
  'no-restricted-globals': ['error', { name: 'setTimeout', message: sleep }, { name: 'setInterval', message: sleep }],
  'no-restricted-imports': [
    'error',
    ...['timers', 'timers/promises'].flatMap((name) =>
      [name, `node:${name}`].map((path) => ({ name: path, message: sleep })),
    ),
  ],
  'no-restricted-properties': ['error', { object: 'globalThis', property: 'setTimeout', message: sleep }],
};

export default tseslint.config(
  {
    // The fixtures break the rules on purpose; the other folders are written by tools.
    ignores: ['dist/', 'coverage/', '.switchyard/', 'test/fixtures/', 'src/contracts/schemas/'],
  },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `interface Config extends z.infer<…> {}` gives an inferred type a name that error messages can print.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A port's methods are async for the caller's sake: one of its implementations may have nothing to await.
      '@typescript-eslint/require-await': 'off',
      // `Promise<unknown> | unknown` tells the reader of a port that a promise is awaited.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // Nest and TypeORM take classes as tokens, and a module is a class without members.
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-syntax': ['error', ...noSkippedTests],
    },
  },
  {
    files: ['src/**/*.ts'],
    // main.ts and the tools hand the whole environment to readConfig; data-source.ts is what TypeORM's command line loads, alone.
    ignores: [
      'src/config.ts',
      'src/main.ts',
      'src/operations/cli/*.cli.ts',
      'src/database/data-source.ts',
      'src/**/*.spec.ts',
    ],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environment }],
      'no-restricted-imports': [
        'error',
        { name: 'node:process', message: environment },
        { name: 'process', message: environment },
      ],
    },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts', '**/*.e2e-spec.ts'],
    // support/ holds the one function that polls a condition, with a limit and a message; a fault of the chaos driver
    // lasts as long as its seed says.
    ignores: ['test/support/**', 'test/chaos/**'],
    rules: noSleeps,
  },
  {
    files: ['src/messaging/kafka/**/*.ts'],
    // kafkajs declares the functions that it hands to eachBatch as methods; they are closures without `this`.
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts', '**/*.e2e-spec.ts'],
    rules: {
      // Answers over HTTP and rows are untyped by nature, and the assertion is what checks them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      // `expect(mock.method)` never calls the method, so that losing `this` cannot matter.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Scripts that run before anything is built: plain JavaScript, outside of the TypeScript project.
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'fetch',
          'URL',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'performance',
          'AbortSignal',
          'module',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    // Jest's global setup cannot be an ES module and load TypeScript at the same time.
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
