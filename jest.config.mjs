const swc = (parser) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2023',
      parser,
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
  },
];

// Sources and packages are ES modules; jest runs both as CommonJS, which needs no experimental flag.
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [],
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript', decorators: true }),
    '^.+\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
};

const services = {
  globalSetup: '<rootDir>/test/support/start-services.cjs',
  globalTeardown: '<rootDir>/test/support/stop-services.ts',
};

export default {
  coverageProvider: 'v8',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,local,lab,checks}/**/*.spec.ts', '<rootDir>/test/{,chaos/,simulation/}*.spec.ts'],
    },
    {
      ...common,
      ...services,
      displayName: 'services',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/processes/'],
      setupFilesAfterEnv: ['<rootDir>/test/support/time-limit.ts'],
    },
    {
      ...common,
      ...services,
      displayName: 'processes',
      testMatch: ['<rootDir>/test/processes/**/*.e2e-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/time-limit.ts'],
    },
  ],
};
