/**
 * Set-up of every test run: the server is built first, so that none drives an old one, and the run
 * gets a temporary folder of its own.
 * @module
 */
import { execFileSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { root } from '../../src/root.ts'
import { runFolder } from './run-folder.ts'

export function setup({ vitest }: TestProject): void {
  runFolder()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void vitest.exit(true))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
}
