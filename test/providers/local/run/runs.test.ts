import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileAt, fileUri, type StoredFile } from '../../../../src/domain/file/file.ts'
import { newId } from '../../../../src/domain/id.ts'
import { createWorkshop, type Workshop } from '../../support/workshop.ts'

describe('a run of a local model', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop()
  })
  afterAll(() => workshop.close())

  async function stored(content: Uint8Array, name: string): Promise<StoredFile> {
    const kept = await workshop.files.put(Readable.from([content]), 2 ** 30)
    return { ...kept, ref: newId(randomBytes(16)), name }
  }

  it('takes defaults and coercions from the schema', async () => {
    workshop.model(
      'defaults',
      `input: z.object({ n: z.int().default(7), even: z.int().refine(async (n) => n % 2 === 0).default(2) }),
  output: z.any(), run: (input) => input,`,
    )
    expect((await workshop.run('defaults')).prediction.output).toEqual({ n: 7, even: 2 })
    const { prediction } = await workshop.run('defaults', { even: 3 })
    expect(prediction.error).toMatch(/^The input is not valid: even: /)
  })

  it('keeps every digit of a long integer', async () => {
    workshop.model(
      'digits',
      `input: z.object({ seed: z.any() }), output: z.any(), run: (i) => i.seed,`,
    )
    const { prediction } = await workshop.run('digits', { seed: 12345678901234567890n })
    expect(prediction.output).toBe(12345678901234567890n)
  })

  it('takes a long input as it is, and leaves no file of it in its folder', async () => {
    workshop.model(
      'long',
      `input: z.object({ text: z.string() }), output: z.any(),
  run: ({ text }, ctx) => [text.length, text.slice(-9), readdirSync(ctx.folder)],`,
      `import { readdirSync } from 'node:fs'`,
    )
    const text = `${'wörter "und" '.repeat(100_000)}am Ende 🏁`
    const { prediction } = await workshop.run('long', { text })
    expect(prediction.output).toEqual([text.length, text.slice(-9), []])
  })

  it('has what it prints in its logs, by whatever means', async () => {
    workshop.model(
      'printer',
      `run(_, ctx) {
    ctx.log('by log', { n: 1 })
    console.log('by console')
    console.error('by error')
    process.stdout.write('by stream\\n')
    writeSync(1, 'by descriptor\\n')
    spawnSync('/bin/echo', ['by child'], { stdio: 'inherit' })
    return 'x'
  },`,
      `import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'`,
    )
    for (const _ of [1, 2, 3]) {
      const { prediction } = await workshop.run('printer')
      const lines = prediction.logs.split('\n')
      for (const by of ['log { n: 1 }', 'console', 'error', 'stream', 'descriptor', 'child'])
        expect(lines.filter((line) => line === `by ${by}`)).toHaveLength(1)
      expect(lines).toHaveLength(7)
    }
  })

  it('says how far it is, whatever it says', async () => {
    workshop.model(
      'progress',
      `input: z.object({ at: z.int() }),
  run({ at }, ctx) {
    const all = [0.25, 7, -1, NaN, null, 'half', { fraction: 0.5, label: 'x'.repeat(999), eta: Infinity }]
    ctx.progress(all[at] as number)
    return 'x'
  },`,
    )
    const last = { fraction: 0.5, label: 'x'.repeat(200) }
    const expected = [{ fraction: 0.25 }, { fraction: 1 }, { fraction: 0 }, {}, {}, {}, last]
    for (const [at, progress] of expected.entries()) {
      const { prediction, occurrences } = await workshop.run('progress', { at })
      const said = occurrences.flatMap((one) => (one.type === 'progressed' ? [one.progress] : []))
      expect(said).toEqual([progress])
      expect(prediction.status).toBe('succeeded')
    }
  })

  it('is not disturbed by a model that listens where we talk', async () => {
    workshop.model(
      'listener',
      `async *run() {
    process.on('message', () => {})
    process.once('message', () => {})
    for (let item = 0; item < 5; item++) {
      yield String(item)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  },`,
    )
    const { prediction } = await workshop.run('listener')
    expect(prediction).toMatchObject({ status: 'succeeded', output: ['0', '1', '2', '3', '4'] })
  })

  it('may make no output at all', async () => {
    workshop.model('silent', `output: z.any(), run() {},`)
    workshop.model('empty', `*run() {},`)
    for (const name of ['silent', 'empty'])
      expect((await workshop.run(name)).prediction).toMatchObject({ status: 'succeeded' })
  })

  it('takes large files in and gives large files out', async () => {
    workshop.model(
      'large',
      `input: z.object({ files: z.array(file()) }), output: z.object({ size: z.int(), copy: file() }),
  run({ files: [first, second] }, ctx) {
    const size = statSync(first.path).size + statSync(second.path).size
    appendFileSync(first.path, 'end')
    return { size, copy: ctx.file(first.path, { name: '../../large.bin' }) }
  },`,
      `import { appendFileSync, statSync } from 'node:fs'`,
    )
    const content = randomBytes(64 * 2 ** 20)
    const files = [await stored(content, 'a b.bin'), await stored(Buffer.from('tiny'), 'a b.bin')]
    const { prediction } = await workshop.run('large', { files: files.map(fileUri) }, { files })
    expect(prediction.output).toMatchObject({ size: content.length + 4 })
    const output = prediction.output as { readonly copy: string }
    const copy = fileAt(output.copy, prediction.files)
    const expected = createHash('sha256').update(content).update('end').digest('hex')
    expect(copy).toMatchObject({ name: 'large.bin', sha256: expected })
    expect(await workshop.runFolders()).toEqual([])
  })

  it('gives files from bytes, several and nested, and one twice', async () => {
    workshop.model(
      'gallery',
      `output: z.object({ all: z.array(file()), first: file() }),
  *run(_, ctx) {
    for (const turn of [1, 2]) {
      const all = ['a', 'b'].map((text) => ctx.file(Buffer.from(text + turn), { name: text + '.txt' }))
      yield { all, first: all[0] }
    }
  },`,
    )
    const { prediction } = await workshop.run('gallery')
    const output = prediction.output as readonly { all: readonly string[]; first: string }[]
    expect(output).toHaveLength(2)
    expect(prediction.files).toHaveLength(6)
    const [first] = output
    const a = fileAt(first?.all[0], prediction.files)
    expect(fileAt(first?.first, prediction.files)).toMatchObject({
      sha256: a?.sha256,
      name: 'a.txt',
    })
  })

  it('cannot have its folder in the way of the next', async () => {
    workshop.model(
      'litterer',
      `output: z.any(),
  async run(_, ctx) {
    const made = ctx.file(new Uint8Array(1), { name: 'a.bin' })
    const folder = dirname(made.path)
    mkdirSync(folder + '/deep/er', { recursive: true })
    writeFileSync(folder + '/deep/er/left.txt', 'x')
    return readdirSync(folder)
  },`,
      `import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'`,
    )
    for (const _ of [1, 2])
      expect((await workshop.run('litterer')).prediction.output).toEqual(['deep'])
    expect(await workshop.runFolders()).toEqual([])
  })

  it('is a fault of ours, and harms nothing, when a file that came in is gone', async () => {
    workshop.model('taker', `input: z.object({ file: file() }), run: () => 'x',`)
    const file = { ...(await stored(Buffer.from('x'), 'x')), sha256: 'f'.repeat(64) }
    const ran = workshop.run('taker', { file: fileUri(file) }, { files: [file] })
    await expect(ran).rejects.toThrow(/ENOENT/)
    expect(await workshop.runFolders()).toEqual([])
    const there = await stored(Buffer.from('x'), 'x')
    const next = await workshop.run('taker', { file: fileUri(there) }, { files: [there] })
    expect(next.prediction.output).toBe('x')
  })

  it('does not begin when it is canceled while its files are copied', async () => {
    const controller = new AbortController()
    const { prediction: warm } = await workshop.run('empty')
    expect(warm.status).toBe('succeeded')
    const model = await workshop.find('empty')
    if (!model) throw new Error('There is no such model')
    const file = await stored(Buffer.from('x'), 'x')
    const types: string[] = []
    const run = {
      id: newId(randomBytes(16)),
      version: model.version,
      deployment: null,
      attempt: 1,
      remote: null,
      known: { chunks: 0, units: 0, logs: 0 },
      callbackUrl: null,
      fileUrl: () => null,
      runModel: async () => ({ ok: false, error: 'There are no other models.' }) as const,
      deadline: Date.now() + 60_000,
      input: {},
      files: [file],
      signal: controller.signal,
      copyFile: async () => controller.abort('canceled'),
      keepFile: () => Promise.reject(new Error('Nothing is kept')),
    }
    for await (const { type } of workshop.provider.run(run)) types.push(type)
    expect(types).toEqual([])
    expect(workshop.provider.warmth(model.ref)).toBe('warm')
    expect((await workshop.run('empty')).prediction.status).toBe('succeeded')
  })
})
