import { defineConfig } from 'vitest/config'
import { summaryReporter } from './test/support/summary-reporter.ts'

const e2e = 'test/e2e/**/*.test.ts'
const chaos = 'test/chaos/**/*.test.ts'
const scale = 'test/scale/**/*.test.ts'
const containers = 'test/containers/**/*.test.ts'
/**
 * What runs once more against several replicas: its later requests read what another replica wrote,
 * or follow what another runs. How a page looks and what its scripts do depends on no replica.
 */
const againstReplicas = [
  'test/api/{client,deployments,http,models,programs,upstreams}.test.ts',
  'test/e2e/{history,live,shares,workspace}.test.ts',
]
const project = {
  setupFiles: ['test/support/worker-setup.ts'],
  // Only a test that hangs takes as long, however busy the machine is.
  testTimeout: 90_000,
  hookTimeout: 120_000,
}
/** The files of a worker share the modules that they import, which takes longer than most tests. */
const sharing = { isolate: false }

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', summaryReporter],
    // More than CI has processors: most tests wait for other processes and for timers.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...project,
          ...sharing,
          name: 'main',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [e2e, chaos, scale, containers],
        },
      },
      { test: { ...project, ...sharing, name: 'e2e', include: [e2e] } },
      { test: { ...project, name: 'chaos', include: [chaos] } },
      {
        test: {
          ...project,
          name: 'containers',
          include: [containers],
          globalSetup: ['test/support/containers/engine-setup.ts'],
          // One engine for all, which a test kills.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...project,
          ...sharing,
          name: 'replicas',
          include: againstReplicas,
          provide: { replicas: 3 },
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
      {
        test: {
          ...project,
          ...sharing,
          name: 'scale',
          include: [scale],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
    ],
  },
})
