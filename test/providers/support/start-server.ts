import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Workshop } from './workshop.ts'

const program = fileURLToPath(new URL('./server.ts', import.meta.url))

/** Starts a process that runs the named models of a workshop, one after another. */
export function startServer({ folder, models }: Workshop, ...names: string[]) {
  const args = ['--disable-warning=ExperimentalWarning', program, models, join(folder, 'server')]
  const child = spawn(process.execPath, [...args, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, reports: text(child.stdout).then((line) => (line ? JSON.parse(line) : null)) }
}
