import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatJson } from '../../../../src/domain/json/json.ts'
import { eventually } from '../../../support/eventually.ts'
import { startServer } from '../../support/start-server.ts'
import { createWorkshop, type Workshop } from '../../support/workshop.ts'

const limits = { maxLogUnits: 10_000, maxOutputUnits: 2 ** 20 }
const manyMb = 200

describe('a local model that says too much', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop({ limits })
  })
  afterAll(() => workshop.close())

  it('keeps the first of its logs and says that there were more', async () => {
    workshop.model(
      'logger',
      `async run(_, ctx) {
    for (let line = 0; line < 5000; line++) {
      ctx.log('line', line)
      if (line % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return 'done'
  },`,
    )
    const { prediction } = await workshop.run('logger')
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'done' })
    expect(prediction.logs).toMatch(/^line 0\nline 1\n/)
    expect(prediction.logs).toMatch(/… the rest of the logs was not saved\n$/)
    expect(prediction.logs.length).toBeLessThan(limits.maxLogUnits + 100)
  })

  it('fails when its output grows past what is taken', async () => {
    workshop.model('maker', `*run() { for (;;) yield 'x'.repeat(10_000) },`)
    const { prediction } = await workshop.run('maker')
    expect(prediction).toMatchObject({ status: 'failed', error: 'The output is larger than 1 MB.' })
    expect(prediction.output).not.toEqual([])
  })

  it('fails when one item of its output is too large', async () => {
    workshop.model('items', `*run() { yield 'x'.repeat(2 ** 20 + 1) },`)
    expect((await workshop.run('items')).prediction.error).toBe(
      'One item of the output is too large: over 1 MB of JSON. Give a file instead, with ctx.file()',
    )
    workshop.model('whole', `run: () => 'x'.repeat(2 ** 20 + 1),`)
    const { prediction } = await workshop.run('whole')
    expect(prediction.error).toBe('The output is larger than 1 MB.')
  })

  it('has an output that is too large for its prediction come by a file', async () => {
    const ample = await createWorkshop()
    ample.model(
      'rows',
      `output: z.any(), run: () => Array.from({ length: 60000 }, (_, id) => ({ id, big: 10n ** 20n })),`,
    )
    ample.model(
      'picture',
      `output: z.any(), run: () => ({
    caption: 'x'.repeat(2_000_000),
    picture: 'data:image/png;base64,' + Buffer.alloc(2_000_000, 7).toString('base64'),
  }),`,
    )
    const rows = await ample.run('rows')
    const picture = await ample.run('picture')
    await ample.close()
    const [file] = rows.prediction.files
    expect(rows.prediction).toMatchObject({
      output: expect.stringMatching(/^sandpit:[a-z2-7]{26}\/output\.json$/),
      excerpt: { form: 'list', length: 60_000, ref: file?.ref },
    })
    const { files } = picture.prediction
    expect(files.map(({ name }) => name)).toEqual(['output.png', 'output.json'])
    for (const { occurrences } of [rows, picture])
      for (const one of occurrences) expect(formatJson(one as never).length).toBeLessThan(300_000)
  })

  it('waits until what it made is safe', async () => {
    workshop.model(
      'eager',
      `*run() {
    for (let item = 0; item < 40; item++) {
      writeFileSync('made', String(item))
      yield 'x'.repeat(16_384)
    }
  },`,
      `import { writeFileSync } from 'node:fs'`,
    )
    const made = () => Number(readFileSync(join(workshop.models, 'eager', 'made'), 'utf8'))
    let waited = false
    const { prediction } = await workshop.run(
      'eager',
      {},
      {
        async each({ type }) {
          if (type !== 'emitted' || waited) return
          waited = true
          await workshop.run('maker')
          expect(made()).toBeLessThan(10)
        },
      },
    )
    expect(waited).toBe(true)
    expect(prediction.output).toHaveLength(40)
  })

  it('has the first of what it makes on its way at once', async () => {
    workshop.model(
      'prompt',
      `output: z.number(), async *run() {
    yield Date.now()
    await new Promise((resolve) => setTimeout(resolve, 200))
  },`,
    )
    // A batch that waits for company takes 20 ms; the best of many is free of other programs' noise.
    await eventually(async () => {
      const late: number[] = []
      await workshop.run(
        'prompt',
        {},
        {
          each(occurrence) {
            if (occurrence.type === 'emitted') late.push(Date.now() - Number(occurrence.chunks[0]))
          },
        },
      )
      expect(Math.min(...late)).toBeLessThan(10)
    })
  })

  it('loses nothing and keeps the order, however unevenly it talks', async () => {
    workshop.model(
      'uneven',
      `async *run(_, ctx) {
    for (let item = 0; item < 3000; item++) {
      if (item % 7 === 0) ctx.log(item)
      if (item % 11 === 0) ctx.progress(item / 3000)
      yield item + 'x'.repeat((item * 37) % 1000)
      if (item % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 25))
      if (item % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  },`,
    )
    const ample = await createWorkshop()
    ample.write('uneven/model.ts', readFileSync(join(workshop.models, 'uneven', 'model.ts')))
    const { prediction } = await ample.run('uneven')
    await ample.close()
    const items = prediction.output as readonly string[]
    expect(items.map((item) => Number.parseInt(item, 10))).toEqual(
      Array.from({ length: 3000 }, (_, item) => item),
    )
    const logged = prediction.logs.trimEnd().split('\n').map(Number)
    expect(logged).toEqual(Array.from({ length: 429 }, (_, line) => line * 7))
  })

  it.each([
    [
      'logs',
      `async run(_, ctx) {
    const line = 'x'.repeat(1023)
    for (let n = 0; n < ${manyMb} * 1024; n++) {
      console.log(line)
      if (n % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return '0'
  },`,
      '',
    ],
    [
      'logs-at-once',
      `run() {
    const line = 'x'.repeat(1023)
    for (let n = 0; n < ${manyMb} * 1024; n++) console.log(line)
    return '0'
  },`,
      '',
    ],
    [
      'prints',
      `run() {
    spawnSync('/bin/sh', ['-c', 'head -c ${manyMb}M /dev/zero'], { stdio: 'inherit' })
    return '0'
  },`,
      `import { spawnSync } from 'node:child_process'`,
    ],
    [
      'outputs',
      `*run() {
    for (let n = 0; n < ${manyMb} * 1024; n++) yield n + 'x'.repeat(1017)
  },`,
      '',
    ],
  ])('leaves the memory of the server as it is: %s', async (name, definition, before) => {
    workshop.model('warm-up', `run: () => '0',`)
    workshop.model(name, definition, before)
    const [, report] = await startServer(workshop, 'warm-up', name).reports
    expect(report.growthMb).toBeLessThan(100)
    expect(report.outOfOrder).toBe(0)
    expect(report.error).toBe(name === 'outputs' ? 'The output is larger than 64 MB.' : '')
    expect(report.logs).toBeLessThan(2 ** 21 + 100)
  })
})
