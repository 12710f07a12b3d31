import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { longestHold, usualHold } from '../../providers/support/longest-hold.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const models = writeModels({
  translate: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/translate',
      description: 'Says a text again, after a while.',
      input: z.object({ text: z.string(), times: z.int().min(1).max(5).optional() }),
      output: z.string(),
      async run({ text }, { signal }) {
        await wait(60_000, undefined, { signal })
        return text
      },
    })`,
})
const page = '/test/translate/batch'

/** What one piece of work may take, and a collection of garbage within it. */
const mostMs = 60

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
  // What is loaded with the first batch.
  await createVisitor(sandpit).post(page, { press: 'check', rows: csv('text\nhej\n') })
})
afterAll(() => sandpit.close())

const csv = (text: string) => new File([text], 'rows.csv')
const rows = (count: number, row: (at: number) => string) =>
  csv(`text,times\n${Array.from({ length: count }, (_, at) => row(at)).join('\n')}\n`)
/** Rows with nothing in so many cells. */
const manyCells = (count: number) => `${','.repeat(4_000)}\n`.repeat(count)

async function sent(visitor: ReturnType<typeof createVisitor>, values: FormValues) {
  const answer = await visitor.post(page, { press: 'check', ...values })
  return { status: answer.status, html: await answer.text() }
}

describe('a batch of the most rows', () => {
  it('is checked, planned and canceled while others have their turn', async () => {
    const visitor = createVisitor(sandpit)
    let html = ''
    const checking = await longestHold(async () => {
      html = (await sent(visitor, { rows: rows(10_000, (at) => `row ${at},${(at % 5) + 1}`) })).html
    })
    expect(html).toContain('10,000')
    const hidden = [...html.matchAll(/<input type="hidden" name="(rows|key)" value="([^"]*)"/g)]
    const kept = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
    let id = ''
    const planning = await longestHold(async () => {
      const answer = await visitor.post(page, { ...kept, press: 'run' })
      id = answer.headers.get('Location')?.split('/').at(-1) ?? ''
    })
    await eventually(async () => {
      const counts = (await sandpit.store.countsOf([id])).get(id)
      expect(counts?.made.processing).toBe(1)
    })
    const canceling = await longestHold(() => sandpit.runner.groups.cancel(id))
    expect(Math.max(checking, planning, canceling)).toBeLessThan(mostMs)
  })
})

describe('a hostile file', () => {
  it.each([
    ['a hundred thousand rows', rows(100_000, () => 'a,1'), 'more than 10,000 rows'],
    ['rows that are all wrong', rows(10_000, () => 'a,9'), '10,000 of 10,000 rows'],
    ['a row of nearly 1 MB', csv(`text\n"${'a"",\r\n'.repeat(150_000)}"\n`), '1 row'],
    ['a line of nothing but quotes', csv(`text\n${'"'.repeat(2 ** 20)}\n`), '1 row'],
    ['nothing but commas', csv(`text\n${','.repeat(2 ** 19)}\n`), 'Line 2: this row has more than'],
    ['very many columns', csv(`${'a,'.repeat(2 ** 18)}\n`), 'Line 1: this row has more than 5,000'],
    ['rows of very many cells', csv(`text\n${manyCells(500)}`), 'more than 2,000,000 cells'],
    [
      'very many rows without anything',
      csv(`text\n${',,,\n'.repeat(200_001)}`),
      'more than 200,000 rows',
    ],
  ])('does not hold the server: %s', async (_name, file, sentence) => {
    let html = ''
    const held = await usualHold(async () => {
      html = (await sent(createVisitor(sandpit), { rows: file })).html
    })
    expect(html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(sentence)
    expect(held).toBeLessThan(mostMs)
  })
})
