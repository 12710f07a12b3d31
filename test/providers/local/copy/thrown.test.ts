import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkshop, modelSource, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await createWorkshop()
})
afterAll(() => workshop.close())

describe('what a model throws', () => {
  const thrown: readonly (readonly [string, string])[] = [
    ['{ code: 42 }', 'The model threw { code: 42 }.'],
    ["{ a: { b: ['c'] } }", "The model threw { a: { b: [ 'c' ] } }."],
    ['null', 'The model threw null.'],
    ['undefined', 'The model threw undefined.'],
    ['0', 'The model threw 0.'],
    ["Symbol('why')", 'The model threw Symbol(why).'],
    ['Object.create(null)', 'The model threw [Object: null prototype] {}.'],
    ["'plain text'", 'plain text'],
    ["{ message: 'like an error' }", 'like an error'],
    ['new TypeError()', 'TypeError'],
    ['new Error()', 'The model failed without an error message.'],
    ["Object.assign(new Error('x'), { message: { code: 1 } })", 'The model threw { code: 1 }.'],
    [
      "Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })",
      'The model failed without an error message.',
    ],
    [
      '{ get a() { throw 1 }, toString() { throw 2 } }',
      'The model threw { a: [Getter], toString: [',
    ],
    ['new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } })', 'The model threw {}.'],
    ['(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()', ''],
  ]

  it('can be read, whatever it is', async () => {
    workshop.model(
      'throws',
      `input: z.object({ at: z.int() }),
  run({ at }) {
    throw [${thrown.map(([code]) => `() => (${code})`).join(', ')}][at]?.()
  },`,
    )
    for (const [at, [code, sentence]] of thrown.entries()) {
      const { prediction } = await workshop.run('throws', { at })
      expect(prediction.status, code).toBe('failed')
      expect(prediction.error, code).toContain(sentence)
      expect(prediction.error, code).not.toMatch(/\[object Object\]|cannot be shown/)
    }
  })
})

describe('a model that cannot be imported', () => {
  const other = (name: string) => modelSource(name, `run: () => 'x',`)
  const faults: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['syntax', { 'model.ts': 'const a = 1\nconst b =\nexport const c = 2\n' }, 'model.ts, line 3'],
    ['types', { 'model.ts': 'const a = 1\nenum Colour { Red }\n' }, 'model.ts, line 2'],
    ['plain', { 'model.js': 'const a = 1\n\nfoo bar\n' }, 'model.js, line 3'],
    [
      'deeper',
      { 'model.ts': `import './lib/part.ts'\n${other('x')}`, 'lib/part.ts': '\nconst = 1\n' },
      'lib/part.ts, line 2',
    ],
    [
      'names',
      { 'model.ts': `import { a } from './a.ts'\n`, 'a.ts': 'export const b = 1' },
      'model.ts, line 1',
    ],
    ['throws-early', { 'model.ts': `const a: any = {}\n\na.b.c()\n` }, 'model.ts, line 3'],
  ]

  it.each(faults)('says in which file and line: %s', async (name, files, place) => {
    for (const [path, text] of Object.entries(files)) workshop.write(`${name}/${path}`, text)
    const models = await workshop.provider.models()
    const broken = models.find(({ ref }) => ref.name === name)?.broken
    expect(broken).toContain('Import failed: ')
    expect(broken).toContain(`(${place})`)
  })
})
