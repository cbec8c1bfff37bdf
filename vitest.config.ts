import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // It imports JSON as bundlers do.
    server: { deps: { inline: [/@actions\//] } },
  },
});
