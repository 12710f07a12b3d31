/**
 * Set-up and tear-down of every test run: the server is built first, so
 * that none drives an old one, and the run gets a temporary folder of its own. After them, also
 * when the run is interrupted, the folder is removed.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { root } from '../../src/root.ts'

let folder: string

export function setup({ vitest }: TestProject): void {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-tests-'))
  // Other users, as one that a database server runs as, have folders of their own in it.
  chmodSync(folder, 0o711)
  // The workers, and whatever they start, take theirs from it.
  process.env.TMPDIR = folder
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void vitest.exit(true))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
