import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkshop, type Workshop } from '../../support/workshop.ts'

const hoards: readonly (readonly [what: string, code: string])[] = [
  ['arrays that grow', 'const all = []; for (;;) all.push(new Array(1000).fill(1))'],
  ['one array that grows', 'const all = []; for (;;) all.push(1.5)'],
  ['one huge array', 'new Array(2 ** 26).fill(0).map((_, i) => ({ i }))'],
  ['texts', 'const all = []; for (let i = 0; ; i++) all.push("x".repeat(1000) + i)'],
  ['keys', 'const all = {}; for (let i = 0; ; i++) all["key " + i] = i'],
  ['a map', 'const all = new Map(); for (let i = 0; ; i++) all.set(i, { i })'],
  ['buffers', 'const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1))'],
  ['one buffer past all bounds', 'Buffer.alloc(2 ** 45)'],
]

describe('a local model that hoards memory', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop({ limits: { describeMemoryMb: 128 } })
    for (const [what, code] of hoards)
      workshop.model(nameOf(what), `memory: 128, run() { ${code}; return 'all held' },`)
  })
  afterAll(() => workshop.close())

  it.each(hoards)('fails when it holds %s', async (what) => {
    const { prediction } = await workshop.run(nameOf(what))
    expect(prediction).toMatchObject({
      status: 'failed',
      error: 'The model ran out of memory. Its limit is 128 MB.',
    })
  })

  it('fails when it hoards in its set-up', async () => {
    workshop.model(
      'set-up',
      `memory: 128, setup() { const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1)) },
  run: () => 'x',`,
    )
    const { prediction } = await workshop.run('set-up')
    expect(prediction.error).toBe('The model ran out of memory. Its limit is 128 MB.')
  })

  it('is shown as broken when it hoards on import', async () => {
    workshop.write(
      'importer/model.ts',
      'const all = []; for (;;) all.push(new Array(1000).fill(1))',
    )
    const models = await workshop.provider.models()
    const broken = models.find(({ ref }) => ref.name === 'importer')?.broken
    expect(broken).toBe('The model ran out of memory. Its limit is 128 MB.')
  })
})

function nameOf(what: string): string {
  return what.replaceAll(' ', '-')
}
