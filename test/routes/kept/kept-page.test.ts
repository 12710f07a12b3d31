import { randomBytes } from 'node:crypto'
import { crc32, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../src/domain/id.ts'
import { checksumShift, joinedChecksum } from '../../../src/routes/kept/crc32.ts'
import { keepPage } from '../../../src/routes/kept/kept-page.ts'

const mark = newId(randomBytes(16))
const key = newId(randomBytes(16))

/** Texts that a key may stand between: repetitive as HTML is, of any script, empty ones too. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.lorem({ mode: 'sentences' }),
  fc.array(fc.constantFrom('<p>', key, 'name="key"', '…', '\u{1f600}', mark.slice(1))).map(String),
)
const texts = fc.array(text, { minLength: 1, maxLength: 4 })

async function withStream(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).text()
}

describe('a kept page', () => {
  it('is the page with each key in its place, in either encoding', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (parts) => {
        const expected = parts.join(key).toWellFormed()
        const plain = await keepPage(parts.join(mark), mark, 'identity')
        const gzip = await keepPage(parts.join(mark), mark, 'gzip')
        expect(Buffer.from(plain.bytes(key)).toString()).toBe(expected)
        expect(gunzipSync(gzip.bytes(key)).toString()).toBe(expected)
        expect(await withStream(gzip.bytes(key))).toBe(expected)
      }),
    )
  })

  it('stays so where it is longer than the deflated texts can refer back', async () => {
    const long = Array.from({ length: 4_000 }, (_, at) => `<li>item ${at * at}</li>`).join('')
    const page = await keepPage([long, long, long].join(mark), mark, 'gzip')
    expect(gunzipSync(page.bytes(key)).toString()).toBe([long, long, long].join(key))
  })

  it('is one gzip member, with nothing after it', async () => {
    const page = await keepPage(`before ${mark} after`, mark, 'gzip')
    const twice = Buffer.concat([page.bytes(key), page.bytes(key)])
    expect(gunzipSync(twice).toString()).toBe(`before ${key} after`.repeat(2))
    expect(() => gunzipSync(page.bytes(key).subarray(0, -1))).toThrow('unexpected end of file')
  })

  it('is as long whatever else on the page looks like its key', async () => {
    const page = await keepPage(`<i>${key}</i>${mark}`.repeat(3), mark, 'gzip')
    const other = newId(randomBytes(16))
    expect(page.bytes(key)).toHaveLength(page.bytes(other).length)
    expect(page.size).toBe(page.bytes(key).length)
  })

  it.each(['gzip', 'identity'] as const)(
    'is kept in no memory but its own: %s',
    async (encoding) => {
      const page = await keepPage('A small page without a form', mark, encoding)
      expect(page.bytes(key).buffer.byteLength).toBe(page.size)
    },
  )

  it('costs a few bytes more than the page compressed at once', async () => {
    const list = Array.from({ length: 500 }, (_, at) => `<li class="one">item ${at}</li>`).join('')
    const whole = await keepPage(list + key + list, mark, 'gzip')
    const kept = await keepPage(list + mark + list, mark, 'gzip')
    expect(kept.size).toBeLessThan(whole.size + 50)
  })
})

it('joins checksums as if the texts had been one', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
      const shift = checksumShift(second.length)
      const joined = joinedChecksum(crc32(first), crc32(second), shift)
      expect(joined).toBe(crc32(Buffer.concat([first, second])))
    }),
  )
})
