/**
 * Runs the tests that need a container engine, with the arguments of Vitest that it is given; where this machine can
 * run none, it says why instead.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { root } from '../../../src/root.ts'
import { programPath } from '../programs.ts'
import { whyNoContainers } from './trial.ts'

const registry = 'docker-registry'
const missing = programPath(registry) === null ? `${registry} is not installed` : null
const why = missing ?? (await whyNoContainers())
if (why === null) {
  const args = ['vitest', 'run', '--project', 'containers', ...process.argv.slice(2)]
  const { status } = spawnSync('npx', args, { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
} else {
  process.stdout.write(`No container is run: ${why}.\n\n0 passed, 0 failed\n`)
}
