import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createWorkshop, modelSource, type Workshop } from '../../support/workshop.ts'

const good = Array.from({ length: 12 }, (_, at) => `good-${at}`)

let workshop: Workshop
beforeEach(async () => {
  workshop = await createWorkshop({
    // Nothing is given up on, however slow the machine is.
    limits: { listWaitMs: 50, describeMs: 600_000, describePatienceMs: 500 },
  })
})
afterEach(() => workshop.close())

/** Its description is the process that it was imported in, and a file beside it. */
function writeGood(name: string): void {
  workshop.write(`${name}/word.txt`, `word of ${name}`)
  const before = `import { readFileSync } from 'node:fs'
const described = process.pid + ', ' + readFileSync('word.txt', 'utf8')`
  const source = modelSource(name, `run: () => 'x',`, before)
  workshop.write(`${name}/model.ts`, source.replace(`'A model for tests.'`, 'described'))
}

async function described(): Promise<Map<string, { description: string; broken: string | null }>> {
  const models = await workshop.provider.models()
  return new Map(models.map((model) => [model.ref.name, model]))
}

async function allRead(): Promise<void> {
  await workshop.provider.models()
  await workshop.provider.allRead?.()
}

async function allGood(): Promise<string[]> {
  const models = await described()
  const descriptions = good.map((name) => models.get(name)?.description ?? `no ${name}`)
  expect(descriptions).toEqual(good.map((name) => expect.stringContaining(`word of ${name}`)))
  return descriptions
}

it('are imported into few processes, each in its own folder', async () => {
  await workshop.close()
  workshop = await createWorkshop({ limits: { describePatienceMs: 20_000 } })
  good.forEach(writeGood)
  await allRead()
  const processes = new Set((await allGood()).map((text) => text.split(',')[0]))
  expect(processes.size).toBeLessThan(good.length / 2)
})

it('are described while one hangs, or waits for ever', async () => {
  workshop.write('a-hangs/model.ts', 'for (;;);')
  workshop.write('b-waits/model.ts', 'await new Promise(() => setInterval(() => {}, 1_000))')
  good.forEach(writeGood)
  const found = async () => {
    const models = await described()
    return good.every((name) => models.has(name))
  }
  await eventually(found)
  await allGood()
  expect(workshop.provider.reading?.()).toBe(2)
})

it('are described beside those that throw, exit, crash or print', async () => {
  const print = `for (let at = 0; at < 20_000; at++) console.log('x'.repeat(100))`
  workshop.write('a-throws/model.ts', `throw new Error('not today')`)
  workshop.write('b-exits/model.ts', 'process.exit(3)')
  workshop.write('c-crashes/model.ts', `process.kill(process.pid, 'SIGKILL')`)
  workshop.model('d-prints', `run: () => 'printed',`, print)
  workshop.model('e-late', `run: () => 'late',`, `setTimeout(() => { throw new Error('late') })`)
  workshop.write('f-stuck/model.ts', `import './missing.ts'`)
  good.forEach(writeGood)
  await allRead()
  await allGood()
  const models = await described()
  expect([...models].map(([name, { broken }]) => [name, broken]).slice(0, 6)).toEqual([
    ['a-throws', 'Import failed: not today (model.ts, line 1)'],
    ['b-exits', "The model's process exited unexpectedly (exit code 3)."],
    ['c-crashes', "The model's process was killed (SIGKILL)."],
    ['d-prints', null],
    ['e-late', null],
    ['f-stuck', expect.stringMatching(/^Import failed: Cannot find module/)],
  ])
})

it('are described alone when another one spoiled the process', async () => {
  workshop.model(
    'a-spoils',
    `run: () => 'x',`,
    `Object.values = () => { throw new Error('spoiled') }`,
  )
  good.forEach(writeGood)
  await allRead()
  await allGood()
})

it('are given up on alone when they take too long', async () => {
  await workshop.close()
  workshop = await createWorkshop({ limits: { describeMs: 900, describePatienceMs: 200 } })
  for (const name of ['hangs-1', 'hangs-2', 'hangs-3', 'hangs-4'])
    workshop.write(`${name}/model.ts`, 'for (;;);')
  await allRead()
  const sentences = [...(await described()).values()].map(({ broken }) => broken)
  expect(sentences).toEqual(Array(4).fill('Import took longer than 0.9 s.'))
})
