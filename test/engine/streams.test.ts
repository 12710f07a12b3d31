import { describe, expect, it } from 'vitest'
import { jsonLines } from '../../src/engine/json-lines.ts'
import { logLines } from '../../src/engine/log-frames.ts'
import { frame } from '../support/containers/frames.ts'

async function* sent(...chunks: readonly Uint8Array[]) {
  yield* chunks
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('the frames of a log', () => {
  const bytes = Buffer.concat([
    frame(1, '2026-03-01T10:00:00.123456789Z Löädi'),
    frame(2, '2026-03-01T10:00:01Z warning: old\r\n'),
    frame(1, 'ng weights\nno time\n'),
    frame(2, 'the end'),
  ])
  const lines = [
    { at: Date.UTC(2026, 2, 1, 10, 0, 1), text: 'warning: old' },
    { at: Date.UTC(2026, 2, 1, 10, 0, 0, 123), text: 'Löäding weights' },
    { at: null, text: 'no time' },
    { at: null, text: 'the end' },
  ]

  it('are lines, wherever they are cut', async () => {
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await all(logLines(sent(bytes.subarray(0, cut), bytes.subarray(cut))))).toEqual(lines)
    const single = [...bytes].map((byte) => Uint8Array.of(byte))
    expect(await all(logLines(sent(...single)))).toEqual(lines)
  })

  it('keep the beginning of an endless line', async () => {
    const part = frame(1, 'x'.repeat(2 ** 16))
    const [line, ...more] = await all(logLines(sent(...Array.from({ length: 64 }, () => part))))
    expect(more).toEqual([])
    expect(line?.text).toHaveLength(2 ** 14)
  })
})

describe('the lines of an answer', () => {
  it('are values, wherever they are cut', async () => {
    const bytes = Buffer.from('{"a":"ö"}\n\nnot json\n[1]\n{"last":true}')
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await all(jsonLines(sent(bytes.subarray(0, cut), bytes.subarray(cut))))).toEqual([
        { a: 'ö' },
        [1],
        { last: true },
      ])
  })

  it('are refused when one does not end', async () => {
    const part = Buffer.alloc(2 ** 15, 'x')
    await expect(all(jsonLines(sent(part, part, part)))).rejects.toThrow('too long')
  })
})
