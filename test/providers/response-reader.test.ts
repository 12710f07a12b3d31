import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileRef } from '../../src/domain/file/file.ts'
import type { Json } from '../../src/domain/json/json.ts'
import { createResponseReader } from '../../src/providers/response-reader.ts'
import { threadMs, usualHold } from './support/longest-hold.ts'

function answersIn(addresses: readonly string[] | 'all' = []) {
  const parent = mkdtempSync(join(tmpdir(), 'sandpit-answers-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const keepFile = async (
    content: AsyncIterable<Uint8Array>,
    name: string,
    ref = 'a'.repeat(26),
  ) => {
    const bytes = await buffer(Readable.from(content))
    return { ref, name, sha256: '', type: '', size: bytes.length }
  }
  const folder = join(parent, 'run')
  return { ...createResponseReader({ run: { keepFile }, folder, addresses }), folder, parent }
}

const bytesOf = (json: object) => new Uint8Array(Buffer.from(JSON.stringify(json)))

const rows = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}`, on: true }))

describe('a large answer about a prediction', () => {
  it.each([
    ['made a lot', { status: 'succeeded', output: rows(100_000) }],
    ['is making a lot', { status: 'processing', output: rows(100_000) }],
    ['was given a lot', { status: 'succeeded', output: 'done', input: { rows: rows(100_000) } }],
    ['failed with a lot', { status: 'failed', output: null, error: rows(100_000) }],
  ])('holds up nobody, whatever is large in it: %s', async (_, answer) => {
    const { read } = answersIn()
    const text = JSON.stringify(answer)
    const times = [1, 2, 3].map(() => {
      const since = threadMs()
      JSON.parse(text)
      return threadMs() - since
    })
    // Each is read once, and made before: that takes as long as what is measured.
    const answers = [1, 2, 3].map(() => bytesOf(answer))
    const hold = await usualHold(() => read(answers.pop() ?? bytesOf(answer)))
    expect(hold).toBeLessThan(Math.min(...times) / 2)
  })

  it('has its large output in a file, once it has ended', async () => {
    const { read, folder, parent, close: end } = answersIn()
    const ended = await read(bytesOf({ status: 'succeeded', logs: 'x', output: rows(50_000) }))
    expect(ended.json).toEqual({ status: 'succeeded', logs: 'x' })
    expect(ended.large?.excerpt).toMatchObject({ form: 'list', length: 50_000 })
    expect(JSON.parse(readFileSync(ended.large?.path ?? '', 'utf8'))).toHaveLength(50_000)
    const early = await read(bytesOf({ status: 'processing', output: rows(50_000) }))
    expect(early).toMatchObject({ json: { status: 'processing' }, large: null })
    expect(readdirSync(folder)).toHaveLength(1)
    await end()
    expect(readdirSync(parent)).toEqual([])
  })

  it('has files in it as references, the same each time', async () => {
    const { read, inlineFilesIn: filesIn } = answersIn()
    const uri = (byte: number) =>
      `data:image/png;base64,${Buffer.alloc(400_000, byte).toString('base64')}`
    const answer = { status: 'processing', output: [uri(1), uri(2), uri(1), uri(3)] }
    const outputs: Json[] = []
    for (const _ of 'ab') {
      const { json } = await read(bytesOf(answer))
      outputs.push((json as { output: Json }).output)
    }
    const [output = null] = outputs
    expect(outputs[1]).toEqual(output)
    const [one, two, again, three] = (output as string[]).map(fileRef)
    expect([new Set([one, two, three]).size, again]).toEqual([3, one])
    const files = await filesIn(output)
    expect(files.map(({ ref, name, size }) => [ref, name, size])).toEqual([
      [one, 'output.png', 400_000],
      [two, 'output-2.png', 400_000],
      [three, 'output-3.png', 400_000],
    ])
  })

  it('keeps addresses at hand that are to be fetched', async () => {
    const output = [...rows(50_000), 'https://files.example.com/one.png']
    const answer = { status: 'succeeded', output }
    expect((await answersIn(['files.example.com/']).read(bytesOf(answer))).json).toEqual(answer)
    expect((await answersIn(['other.example.com/']).read(bytesOf(answer))).large).not.toBeNull()
  })

  it('may be nothing that can be read', async () => {
    const { read } = answersIn()
    const junk = new Uint8Array(Buffer.from('['.repeat(2_000_000)))
    expect(await read(junk)).toMatchObject({ json: undefined, large: null })
  })
})
