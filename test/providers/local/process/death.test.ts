import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { startServer } from '../../support/start-server.ts'
import { createWorkshop, isAlive, type Workshop } from '../../support/workshop.ts'

describe('the death of the server', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop()
  })
  afterAll(() => workshop.close())

  it.each(['SIGKILL', 'SIGTERM', 'SIGABRT'] as const)(
    'by %s ends a copy in an endless loop and what it started',
    async (signal) => {
      const mark = join(workshop.models, `pids-${signal}`)
      workshop.model(
        `loop-${signal}`,
        `env: ['WORKSHOP'], run() {
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' })
    writeFileSync(process.env.WORKSHOP + '/pids-${signal}', process.pid + ' ' + child.pid)
    for (;;);
  },`,
        `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'`,
      )
      const { child } = startServer(workshop, `loop-${signal}`)
      await eventually(() => existsSync(mark) && readFileSync(mark, 'utf8') !== '')
      const pids = readFileSync(mark, 'utf8').split(' ').map(Number)
      expect(pids.map(isAlive)).toEqual([true, true])
      child.kill(signal)
      await eventually(() => !pids.some(isAlive))
    },
  )

  it('ends the copies that are let be, and leaves other processes alone', async () => {
    workshop.model('first', `run: () => 'x',`)
    workshop.model('second', `memory: 128, run() { for (;;); },`)
    const { child } = startServer(workshop, 'first', 'first', 'second')
    await eventually(() => copiesOf(child.pid).length === 2)
    const copies = copiesOf(child.pid)
    child.kill('SIGKILL')
    await eventually(() => !copies.some(isAlive))
  })

  it('is not held up by a provider that was closed', async () => {
    workshop.model('quick', `run: () => '0',`)
    const { child, reports } = startServer(workshop, 'quick')
    const code = new Promise((resolve) => child.once('exit', resolve))
    expect(await reports).toHaveLength(1)
    expect(await code).toBe(0)
  })
})

/** Processes whose parent is `pid` and that run a copy of a model. */
function copiesOf(pid: number | undefined): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((other) => {
      try {
        const [, , , parent] = readFileSync(`/proc/${other}/stat`, 'latin1').split(' ')
        const command = readFileSync(`/proc/${other}/cmdline`, 'latin1')
        return Number(parent) === pid && /copy\.[tj]s/.test(command)
      } catch {
        return false
      }
    })
}
