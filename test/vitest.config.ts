import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A folder of test/ as a vitest project: what a single test in it may take, in milliseconds. */
function project(name: string, testTimeout: number) {
  return {
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: Math.max(testTimeout, 30_000) },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // LanceDB is a native addon: it wants processes of its own, not threads.
    pool: 'forks',
    // Golden files are written by hand or by an explicit `-u`, never on the way.
    update: 'none',
    projects: [
      project('unit', 5_000),
      project('contract', 20_000),
      project('regression', 20_000),
      project('relevance', 60_000),
      project('integration', 60_000),
      project('e2e', 120_000),
      project('long', 1_800_000),
    ],
  },
});
