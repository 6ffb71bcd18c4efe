import { defineConfig } from 'vitest/config';

// What a test waits for has no limit of its own: these end one that hangs, on a machine however slow and busy.
const PATIENCE = 300_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests run networks in ONNX Runtime itself, too, and are nothing to tell its maker about.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    expect: { poll: { timeout: PATIENCE / 2 } },
    // Modules are loaded once for all files: no test replaces one, and none holds what a test could leave behind.
    isolate: false,
    // All cores: much of the time is spent waiting for commands that a test started.
    maxWorkers: '100%',
  },
});
