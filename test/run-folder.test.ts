import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { runFolder, temporaryFolder } from './support/run-folder.ts'

const module = join(import.meta.dirname, 'support/run-folder.ts')

/** A script that makes a folder, writes its path, and goes on with `rest`; beside runs in `parent`. */
function script(parent: string, rest: string) {
  const lines = `
    const { temporaryFolder } = await import(${JSON.stringify(module)})
    process.stdout.write(temporaryFolder('of-script-'))
    ${rest}`
  const args = ['--input-type=module', '-e', lines]
  return [process.execPath, args, { env: { ...process.env, TMPDIR: parent } }] as const
}

it('holds what the tests of this run make', () => {
  expect(basename(tmpdir())).toMatch(/^sandpit-tests-\d+-/)
  expect(runFolder()).toBe(tmpdir())
  expect(dirname(temporaryFolder('one-'))).toBe(tmpdir())
})

it('is the folder of a process that a process of the run starts', () => {
  const [node, args, options] = script(tmpdir(), '')
  const made = spawnSync(node, args, options).stdout.toString()
  expect(dirname(made)).toBe(tmpdir())
  expect(existsSync(made)).toBe(true)
})

it('goes with its process, also when that fails', () => {
  const parent = temporaryFolder('machine-')
  for (const rest of ['', 'process.exit(3)', 'throw new Error("It fails")']) {
    const made = spawnSync(...script(parent, rest)).stdout.toString()
    expect(made).toContain(parent)
    expect(readdirSync(parent)).toEqual([])
  }
})

it('goes with a later run when its own was killed, unless it may be in use', async () => {
  const parent = temporaryFolder('machine-')
  const killed = spawn(...script(parent, 'process.kill(process.pid, "SIGKILL")'))
  const folder = dirname(await text(killed.stdout))
  if (killed.exitCode === null && killed.signalCode === null) await once(killed, 'exit')
  const running = spawn(
    ...script(parent, 'await new Promise((over) => process.stdin.on("end", over).resume())'),
  )
  const [path] = await once(running.stdout, 'data')
  const inUse = dirname(String(path))
  spawnSync(...script(parent, ''))
  expect(readdirSync(parent).sort()).toEqual([basename(folder), basename(inUse)].sort())
  const longAgo = Date.now() / 1000 - 2 * 60 * 60
  for (const one of [folder, inUse]) utimesSync(one, longAgo, longAgo)
  spawnSync(...script(parent, ''))
  expect(readdirSync(parent)).toEqual([basename(inUse)])
  running.stdin.end()
  await once(running, 'exit')
  expect(readdirSync(parent)).toEqual([])
})
