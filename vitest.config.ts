import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{vocabulary,contracts,engines,drivers,services,apps,sandbox,simulation,tools,interop}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['drivers/postgres/test-server.ts'],
    // More than cores: most of the time is waiting, for timers of protocols and for processes that start.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Waiting for what must come: a busy machine may take longer than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default'],
  },
})
