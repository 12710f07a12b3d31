import { expect, it } from 'vitest'
import { openBook } from '../../src/runner/book.ts'

interface Row {
  readonly name: string
  readonly text: string
}

const row = (name: string, text: string): Row => ({ name, text })

it('keeps rows that are equal as they are, and says which have changed', async () => {
  let rows = [row('a', '1'), row('b', '1'), row('c', '1')]
  const book = await openBook(
    async () => rows.map((one) => ({ ...one })),
    ({ name }) => name,
  )
  const before = book.all()
  const changes = book.changes()
  expect(await book.refresh()).toEqual([])
  expect(book.changes()).toBe(changes)
  rows = [row('a', '1'), row('b', '2'), row('d', '1')]
  expect((await book.refresh()).map(({ name }) => name)).toEqual(['b', 'd', 'c'])
  expect(book.changes()).toBeGreaterThan(changes)
  expect(book.find('a')).toBe(before[0])
  expect(book.all()).toEqual(rows)
})

it('does not lose what is saved while it is read', async () => {
  const reads = [[row('a', '1')], [row('a', '1')], [row('a', '2')]]
  const held = Promise.withResolvers<void>()
  let count = 0
  const book = await openBook<Row>(
    async () => {
      const rows = reads[count] ?? []
      count++
      if (count === 2) await held.promise
      return rows
    },
    ({ name }) => name,
  )
  const reading = book.refresh()
  book.set(row('a', '2'))
  held.resolve()
  await reading
  expect(book.find('a')?.text).toBe('2')
})
