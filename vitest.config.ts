import { defineConfig } from 'vitest/config'
import { summaryReporter } from './test/support/summary-reporter.ts'

const e2e = 'test/e2e/**/*.test.ts'
const chaos = 'test/chaos/**/*.test.ts'
const scale = 'test/scale/**/*.test.ts'
/** What drives a server from outside, and is run once more against several replicas. */
const againstReplicas = [
  'test/api/{client,deployments,http,models,programs,upstreams}.test.ts',
  'test/e2e/{forms,history,inputs,live,outputs,pictures,search-keys,shares,watching,workspace}.test.ts',
]
const project = {
  setupFiles: ['test/support/worker-setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', summaryReporter],
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...project,
          name: 'main',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [e2e, chaos, scale],
        },
      },
      { test: { ...project, name: 'e2e', include: [e2e] } },
      { test: { ...project, name: 'chaos', include: [chaos] } },
      {
        test: {
          ...project,
          name: 'replicas',
          include: againstReplicas,
          provide: { replicas: 3 },
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
      {
        test: {
          ...project,
          name: 'scale',
          include: [scale],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
    ],
  },
})
