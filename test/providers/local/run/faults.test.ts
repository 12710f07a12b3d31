import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkshop, type Workshop } from '../../support/workshop.ts'

/** Faults of a model's run, and the error of its prediction. */
const faults: readonly (readonly [what: string, definition: string, error: string | RegExp])[] = [
  ['throws', `run() { throw new TypeError('no such colour') },`, 'no such colour'],
  ['rejects', `run: async () => Promise.reject(new Error('not today')),`, 'not today'],
  ['throws a text', `run() { throw 'a mere text' },`, 'a mere text'],
  ['throws nothing', `run() { throw undefined },`, 'undefined'],
  [
    'throws what is not a text',
    `run() { throw Object.create(null) },`,
    'The model threw [Object: null prototype] {}.',
  ],
  [
    'throws without words',
    `run() { throw new Error() },`,
    'The model failed without an error message.',
  ],
  ['calls itself for ever', `run() { return model.run({}) },`, /call stack/],
  [
    'yields what its schema forbids',
    `output: z.object({ n: z.int() }), *run() { yield { n: 1 }; yield { n: 'two' } },`,
    /^The model’s output does not match its schema: n: /,
  ],
  [
    'makes what JSON cannot hold',
    `output: z.any(), run: () => () => 1,`,
    'The model returned something that cannot be written as JSON',
  ],
  [
    'makes what refers to itself',
    `output: z.any(), run() { const a = {}; a.a = a; return a },`,
    /nested too deeply\. The maximum is 500 levels/,
  ],
  [
    'returns a generator without being one',
    `run: () => (function* () { yield 'a' })(),`,
    'The model returned a generator. Write `async *run`',
  ],
  ['calls process.exit', `run() { process.exit(3) },`, /exited unexpectedly \(exit code 3\)/],
  ['exits as if well', `run() { process.exit(0) },`, /exited unexpectedly \(exit code 0\)/],
  ['kills itself', `run() { process.kill(process.pid, 'SIGKILL') },`, /was killed \(SIGKILL\)/],
  ['aborts', `run() { process.abort() },`, /was killed \(SIGABRT\)/],
  [
    'leaves us',
    `run() { process.disconnect(); return 'x' },`,
    /exited unexpectedly \(exit code 0\)/,
  ],
  [
    'leaves a promise alone',
    `run: () => { Promise.reject(new Error('left alone')); return new Promise(() => {}) },`,
    'left alone',
  ],
  [
    'throws in a timer while it streams',
    `async *run() {
    setTimeout(() => { throw new Error('too late') }, 50)
    for (;;) yield 'x'
  },`,
    'too late',
  ],
  [
    'makes a file that is not there',
    `output: file(), run: (_, ctx) => {
    const made = ctx.file(new Uint8Array(1), { name: 'a.bin' })
    return Object.assign(made, { path: '/nowhere/at/all' })
  },`,
    /could not|ENOENT|no file/,
  ],
  [
    'makes a file of a folder',
    `output: file(), run: (_, ctx) => ctx.file('/tmp', { name: 'tmp.bin' }),`,
    'The model did not create the file tmp.bin, or it cannot be read.',
  ],
  [
    'makes a file and takes it away',
    `output: file(), async *run(_, ctx) {
    fs.writeFileSync('/tmp/sandpit-fleeting-' + process.pid, 'x')
    const made = ctx.file('/tmp/sandpit-fleeting-' + process.pid, { name: 'a.txt' })
    fs.rmSync(made.path)
    yield made
  },`,
    'The model did not create the file a.txt, or it cannot be read.',
  ],
  [
    'names a file that is not there',
    `output: file(), run: (_, ctx) => ctx.file('missing.png', { name: 'a.png' }),`,
    /There is no file at .*missing\.png/,
  ],
  [
    'says things to us that mean nothing',
    `run() {
    for (const garbage of [null, 1, [], {}, { type: 'what' }]) process._send?.(garbage)
    throw new Error('said it')
  },`,
    'said it',
  ],
]

describe('a local model that goes wrong', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop()
    for (const [what, definition] of faults)
      workshop.model(nameOf(what), definition, `import fs from 'node:fs'`)
    workshop.model('well', `run: () => 'well',`)
  })
  afterAll(async () => {
    expect((await workshop.run('well')).prediction.output).toBe('well')
    expect(await workshop.runFolders()).toEqual([])
    await workshop.close()
  })

  it.each(faults)('fails its own prediction when it %s', async (what, _, error) => {
    const { prediction } = await workshop.run(nameOf(what))
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toMatch(error)
  })

  it('keeps what was made before it failed, and the stack in the logs', async () => {
    const { prediction } = await workshop.run(nameOf('yields what its schema forbids'))
    expect(prediction.output).toEqual([{ n: 1 }])
    const thrown = await workshop.run(nameOf('throws'))
    expect(thrown.prediction.logs).toMatch(/TypeError: no such colour\n\s+at .*model\.ts/)
  })

  it('says in the logs what was behind an error', async () => {
    workshop.model('caused', `run() { throw new Error('no', { cause: new Error('disk') }) },`)
    const { prediction } = await workshop.run('caused')
    expect(prediction.error).toBe('no')
    expect(prediction.logs).toContain('Caused by: Error: disk')
  })

  it('serves the next run after one that threw, in the same process', async () => {
    workshop.model(
      'moody',
      `input: z.object({ fail: z.boolean() }),
  run({ fail }) { if (fail) throw new Error('no'); return String(process.pid) },`,
    )
    const before = await workshop.run('moody', { fail: false })
    await workshop.run('moody', { fail: true })
    const after = await workshop.run('moody', { fail: false })
    expect(after.prediction.output).toBe(before.prediction.output)
  })
})

function nameOf(what: string): string {
  return what.replaceAll(/\W+/g, '-').toLowerCase()
}
