import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createTimedLine, type TimedLineOptions, timed } from '../../support/timed-line.ts'

type Line = Awaited<ReturnType<typeof createTimedLine>>

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options?: TimedLineOptions): Promise<Line> {
  const line = await createTimedLine(options)
  closing.push(line.sandpit.close)
  return line
}

/** Somebody tries something of so many seconds, so many seconds after the start. */
interface Try {
  readonly at: number
  readonly by: string
  readonly seconds: number
}

/** Runs all that waits, and what is tried meanwhile. Resolves with how long each try waited, in seconds. */
async function simulate(line: Line, tries: readonly Try[]): Promise<number[]> {
  const start = line.now()
  const tried = new Map<string, number>()
  const left = [...tries].sort((one, other) => one.at - other.at)
  while (await line.isBusy()) {
    const end = line.nextEnd() ?? 0
    for (let next = left[0]; next && start + next.at * 1_000 <= end; next = left[0]) {
      left.shift()
      line.pass(Math.max(0, next.at - (line.now() - start) / 1_000))
      tried.set(await line.add(next.by, next.seconds), line.now())
    }
    await line.endNext()
  }
  return [...tried].map(([id, at]) => {
    const begun = line.begun.find((one) => one.id === id)
    return begun ? (begun.at - at) / 1_000 : Number.POSITIVE_INFINITY
  })
}

const middle = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0

/** Tries by two people in turn, at times that have nothing to do with those of runs. */
const triesUntil = (seconds: number, by: readonly string[], length: number): Try[] =>
  Array.from({ length: Math.floor(seconds / 137) }, (_, index) => ({
    at: 5 + index * 137,
    by: by[index % by.length] ?? '',
    seconds: length,
  }))

describe('who tries something', () => {
  it('waits for two runs at most while another’s 200 wait', async () => {
    const line = await open()
    for (let run = 0; run < 200; run++) await line.add('ann', 10)
    const waits = await simulate(line, triesUntil(1_900, ['bob', 'cid'], 10))
    expect(waits.length).toBe(13)
    expect(Math.max(...waits)).toBeLessThanOrEqual(20)
    expect(line.begun.length).toBe(213)
  })

  it('waits for no more than the longest while videos and a batch of short runs wait', async () => {
    const line = await open()
    for (let run = 0; run < 20; run++) await line.add('ann', 120)
    const batch: string[] = []
    for (let run = 0; run < 60; run++) batch.push(await line.add('bob', 5))
    const waits = await simulate(line, triesUntil(2_000, ['cid'], 5))
    expect(middle(waits)).toBeLessThanOrEqual(120)
    expect(Math.max(...waits)).toBeLessThanOrEqual(250)
    // In order of arrival the batch begins after all videos, and with turns by person it ends with them.
    const first = line.begun[0]?.at ?? 0
    const last = line.begun.find(({ id }) => id === batch.at(-1))?.at ?? Number.POSITIVE_INFINITY
    expect((last - first) / 1_000).toBeLessThan(900)
  })
})

const order = (line: Line, names: Readonly<Record<string, string>>) =>
  line.begun.map(({ id }) => names[id])

async function endAll(line: Line): Promise<void> {
  while (await line.isBusy()) await line.endNext()
}

/** Adds predictions of ten seconds, by accounts; resolves with their names, `ann 1`, by id. */
async function addAll(line: Line, accounts: readonly string[]) {
  const names: Record<string, string> = {}
  for (const [index, account] of accounts.entries())
    names[await line.add(account, 10)] = `${account} ${index}`
  return names
}

const idOf = (names: Readonly<Record<string, string>>, name: string) =>
  Object.keys(names).find((id) => names[id] === name) ?? ''

describe('turns', () => {
  it('are in order of arrival for one account', async () => {
    const line = await open()
    const names = await addAll(
      line,
      Array.from({ length: 12 }, () => 'ann'),
    )
    await endAll(line)
    expect(order(line, names)).toEqual(Object.values(names))
  })

  it('go on after a restart, in order of creation', async () => {
    const data = mkdtempSync(join(tmpdir(), 'sandpit-turns-'))
    const first = await open({ data })
    await first.sandpit.records.save({
      ...first.sandpit.records.of(timed),
      settings: { ...first.sandpit.records.of(timed).settings, intake: 'paused' },
    })
    const names: Record<string, string> = {}
    for (const [index, account] of ['ann', 'ann', 'ann', 'bob', 'bob'].entries()) {
      names[await first.add(account, 10)] = `${account} ${index}`
      first.pass(1)
    }
    await closing.pop()?.()
    const second = await open({ data })
    closing.unshift(async () => rmSync(data, { recursive: true, force: true }))
    await second.sandpit.runner.recover()
    await second.sandpit.records.save({
      ...second.sandpit.records.of(timed),
      settings: { ...second.sandpit.records.of(timed).settings, intake: 'open' },
    })
    await endAll(second)
    expect(order(second, names)).toEqual(['ann 0', 'bob 3', 'ann 1', 'bob 4', 'ann 2'])
  })

  it('pass over one that was canceled while it waited', async () => {
    const line = await open()
    const names = await addAll(line, ['ann', 'ann', 'bob', 'ann', 'bob'])
    await line.running(1)
    await line.sandpit.runner.cancel(idOf(names, 'bob 2'))
    await endAll(line)
    expect(order(line, names)).toEqual(['ann 0', 'bob 4', 'ann 1', 'ann 3'])
  })

  it('are not taken while the model is paused, and are taken while it is drained', async () => {
    const line = await open()
    const { records, runner } = line.sandpit
    const settle = async (intake: 'open' | 'paused' | 'draining') => {
      const record = records.of(timed)
      await records.save({ ...record, settings: { ...record.settings, intake } })
    }
    const names = await addAll(line, ['ann', 'ann', 'bob'])
    await line.running(1)
    await settle('paused')
    await line.endNext()
    await eventually(async () =>
      expect(await runner.load(timed)).toEqual({ running: 0, waiting: 2 }),
    )
    await settle('draining')
    await expect(line.add('cid', 10)).rejects.toThrow('draining')
    await endAll(line)
    expect(order(line, names)).toEqual(['ann 0', 'bob 2', 'ann 1'])
  })

  it('are kept within a deployment, which holds up none of the others', async () => {
    const line = await open({ copies: 2 })
    const deployment = { owner: 'team', name: 'one' }
    const names: Record<string, string> = {}
    const add = async (name: string, account: string, isDeployed: boolean) => {
      names[await line.add(account, 10, isDeployed ? { deployment } : {})] = name
    }
    // A deployment that is not known runs as many as its model.
    await add('first', 'ann', true)
    await add('second', 'ann', true)
    await line.running(2)
    await add('third', 'ann', true)
    await add('bob’s', 'bob', true)
    await add('direct', 'cid', false)
    await endAll(line)
    expect(order(line, names)).toEqual(['first', 'second', 'bob’s', 'direct', 'third'])
  })

  it('count sub-runs as those of the account of their parent', async () => {
    const line = await open()
    const parent = await line.add('ann', 1_000, { model: line.otherModel })
    const names = await addAll(line, ['ann', 'ann', 'bob'])
    names[await line.add('ann', 10, { parent, createdBy: 'ann' })] = 'child'
    await eventually(() => expect(line.isUnderWay(parent)).toBe(true))
    await endAll(line)
    const own = line.begun.flatMap(({ id }) => (id === parent ? [] : [names[id]]))
    expect(own).toEqual(['ann 0', 'bob 2', 'ann 1', 'child'])
  })
})
