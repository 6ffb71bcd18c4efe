import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // All cores: much of the time is spent waiting for commands that a test started.
    maxWorkers: '100%',
  },
});
