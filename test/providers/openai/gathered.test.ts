import { describe, expect, it } from 'vitest'
import { gathered } from '../../../src/providers/openai/run/gathered.ts'

/** A source that is written to, in chunks of one byte. */
function source() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    {},
    { highWaterMark: 9_999 },
  )
  const writer = writable.getWriter()
  const push = (item: number) => void writer.write(Uint8Array.of(item))
  return { readable, push, end: () => writer.close() }
}

const bytesOf = (list: readonly Uint8Array[] | undefined) => list?.flatMap((chunk) => [...chunk])

async function lists(all: AsyncIterable<readonly Uint8Array[]>) {
  const taken: (readonly Uint8Array[])[] = []
  for await (const list of all) taken.push(list)
  return taken
}

describe('gathering', () => {
  it('gives the first at once, and then together what came within the time', async () => {
    const { readable, push, end } = source()
    const reading = gathered(readable, () => 200, 100)
    push(1)
    expect(bytesOf((await reading.next()).value ?? [])).toEqual([1])
    push(2)
    push(3)
    expect(bytesOf((await reading.next()).value ?? [])).toEqual([2, 3])
    await end()
    expect((await reading.next()).done).toBe(true)
  })

  it('loses nothing, and reads no more ahead than it may', async () => {
    const { readable, push, end } = source()
    for (let item = 0; item < 1_000; item++) push(item % 256)
    void end()
    const taken = await lists(gathered(readable, () => 50, 100))
    expect(bytesOf(taken.flat())).toEqual(Array.from({ length: 1_000 }, (_, at) => at % 256))
    expect(Math.max(...taken.map(({ length }) => length))).toBe(100)
  })

  it('gives what came before a break', async () => {
    async function* breaking() {
      yield Uint8Array.of(1)
      yield Uint8Array.of(2)
      throw new Error('cut')
    }
    const taken: number[] = []
    const reading = (async () => {
      for await (const list of gathered(breaking(), () => 20, 100))
        taken.push(...(bytesOf(list) ?? []))
    })()
    await expect(reading).rejects.toThrow('cut')
    expect(taken).toEqual([1, 2])
  })
})
