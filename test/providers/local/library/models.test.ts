import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ModelRef, sameModel } from '../../../../src/domain/model-ref.ts'
import type { RegisteredFolder } from '../../../../src/providers/local/library/locations.ts'
import { createLocalProvider } from '../../../../src/providers/local/local.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { follow, followVersion } from '../../support/follow.ts'
import { createWorkshop, isAlive, modelSource, type Workshop } from '../../support/workshop.ts'

describe('a model folder that an operator added', () => {
  it('is a model of the name it was given, as soon as it is, until it is taken away', async () => {
    const registered: RegisteredFolder[] = []
    const workshop = await createWorkshop({ roots: [], registered: () => registered })
    workshop.model('plain', `run: () => 'from ' + 'afar',`)
    const ref = { owner: 'ann', name: 'added' }
    expect(await workshop.provider.find(ref)).toBeNull()
    registered.push({ ref, folder: join(workshop.models, 'plain') })
    expect(await workshop.provider.find(ref)).toMatchObject({ ref, broken: null })
    const { prediction } = await follow(workshop.provider, workshop.files, ref, {})
    expect(prediction.output).toBe('from afar')
    registered.pop()
    expect(await workshop.provider.find(ref)).toBeNull()
    await workshop.close()
  })

  it('is looked at before it is added', async () => {
    const workshop = await createWorkshop({ roots: [] })
    workshop.model('plain', `run: () => 'here',`)
    workshop.write('odd/model.ts', 'export const nothing = 1')
    const { provider, models } = workshop
    const folder = join(models, 'plain')
    expect(await provider.probe({ text: folder })).toMatchObject({
      kind: 'found',
      upstream: {
        models: [
          {
            model: { ref: { owner: 'test', name: 'plain' } },
            source: { provider: 'local', folder },
          },
        ],
      },
    })
    expect(await provider.probe({ text: join(models, 'none') })).toMatchObject({ kind: 'refused' })
    expect(await provider.probe({ text: join(models, 'odd') })).toMatchObject({ kind: 'refused' })
    expect(await provider.probe({ text: 'ann/added' })).toBeNull()
    await workshop.close()
  })
})

describe('the models in a folder', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop()
  })
  afterAll(() => workshop.close())

  /** A folder's name is what is left of a model that does not say its own. */
  const brokenIn = async (folder: string) =>
    (await workshop.provider.find({ owner: 'local', name: folder }))?.broken

  it('are described by their schemas', async () => {
    workshop.model(
      'full',
      `input: z.object({
    text: z.string().describe('What to say.'),
    times: z.int().min(1).max(9).default(2),
    image: file({ accept: 'image/*' }).optional(),
  }),
  copies: 3, timeout: 90, rerun: false,
  async *run({ text }) { yield text },`,
    )
    const model = await workshop.find('full')
    expect(model).toMatchObject({
      ref: { owner: 'test', name: 'full' },
      provider: 'local',
      description: 'A model for tests.',
      limits: { copies: 3, timeoutMs: 90_000, rerun: false },
      broken: null,
    })
    expect(model?.version.schema.schemas).toMatchObject({
      Input: {
        required: ['text'],
        properties: {
          text: { type: 'string', description: 'What to say.', 'x-order': 0 },
          times: { type: 'integer', minimum: 1, maximum: 9, default: 2, 'x-order': 1 },
          image: { type: 'string', format: 'uri', 'x-cog-accept': 'image/*', 'x-order': 2 },
        },
      },
      Output: { type: 'array', items: { type: 'string' }, 'x-cog-array-display': 'concatenate' },
    })
  })

  it('may be in JavaScript and import files of their own', async () => {
    workshop.write('plain/words.js', `export const word = 'before'`)
    workshop.write(
      'plain/model.js',
      modelSource('plain', 'run: () => word,', `import { word } from './words.js'`),
    )
    expect((await workshop.run('plain')).prediction.output).toBe('before')
  })

  it('become another version when a file of theirs is edited', async () => {
    workshop.write('nested/lib/word.ts', `export const word: string = 'one'`)
    workshop.model('nested', 'run: () => word,', `import { word } from './lib/word.ts'`)
    const before = await workshop.find('nested')
    const first = await workshop.run('nested')
    workshop.write('nested/lib/word.ts', `export const word: string = 'two and more'`)
    const after = await workshop.find('nested')
    const second = await workshop.run('nested')
    expect(after?.version.id).not.toBe(before?.version.id)
    expect([first, second].map(({ prediction }) => prediction.output)).toEqual([
      'one',
      'two and more',
    ])
  })

  it('let their old process go when they are edited', async () => {
    workshop.model('renewed', `run: () => String(process.pid),`)
    const pid = Number((await workshop.run('renewed')).prediction.output)
    workshop.model('renewed', `run: () => 'x' + process.pid,`)
    await workshop.run('renewed')
    expect(isAlive(pid)).toBe(false)
  })

  it('keep their version when only their example, words or pictures change', async () => {
    workshop.model('adorned', `run: () => 'x',`)
    const before = await workshop.find('adorned')
    workshop.write('adorned/README.md', '# Adorned')
    workshop.write('adorned/cover.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    workshop.write('adorned/examples.json', '[{}]')
    const after = await workshop.find('adorned')
    expect(after).toMatchObject({ readme: '# Adorned', cover: 'cover.svg', examples: [{}] })
    expect(after?.version.id).toBe(before?.version.id)
  })

  it('are imported once for one source, also by the next server', async () => {
    const counter = join(workshop.folder, 'imported')
    workshop.model(
      'counted',
      `run: () => 'x',`,
      `import { appendFileSync } from 'node:fs'\nappendFileSync('${counter}', '.')`,
    )
    await workshop.find('counted')
    workshop.pass(60_000)
    await workshop.find('counted')
    const next = createLocalProvider({
      roots: [workshop.models],
      folder: join(workshop.folder, 'data'),
      environment: {},
      now: Date.now,
    })
    expect(await next.find({ owner: 'test', name: 'counted' })).toMatchObject({ broken: null })
    await next.close()
    expect(readFileSync(counter, 'utf8')).toBe('.')
  })

  it('are described again when what was remembered of them is damaged', async () => {
    const data = join(workshop.folder, 'damaged')
    const open = () =>
      createLocalProvider({
        roots: [workshop.models],
        folder: data,
        environment: {},
        now: Date.now,
      })
    const first = open()
    await first.models()
    await first.allRead?.()
    const before = await first.models()
    await first.close()
    const cache = join(data, 'descriptions-1')
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), '{"name":')
    const second = open()
    await second.models()
    await second.allRead?.()
    expect((await second.models()).map(({ version }) => version.id)).toEqual(
      before.map(({ version }) => version.id),
    )
    await second.close()
  })

  it.each([
    [
      'throws',
      `throw new Error('no weights here')`,
      /^Import failed: no weights here \(model.ts, line 1\)$/,
    ],
    ['not-typescript', 'export const = 1', /^Import failed: .+/s],
    [
      'lacks-a-package',
      `import 'not-a-package-at-all'`,
      /Cannot find package 'not-a-package-at-all'/,
    ],
    ['no-model', 'export const answer = 42', /exports no model/],
    ['exits', 'process.exit(7)', /exited unexpectedly \(exit code 7\)/],
    [
      'floods',
      `for (let i = 0; i < 1e5; i++) console.log('x'.repeat(999)); throw new Error('wet')`,
      /wet/,
    ],
    ['nameless', modelSource('not a name!', `run: () => 'x',`), /name is neither owner\/name nor/],
    [
      'no-copies',
      modelSource('a', `copies: 0, run: () => 'x',`),
      /definition cannot be used: copies/,
    ],
    [
      'for-ever',
      modelSource('b', `timeout: 1e9, run: () => 'x',`),
      /definition cannot be used: timeoutMs/,
    ],
    [
      'no-memory',
      modelSource('c', `memory: NaN, run: () => 'x',`),
      /definition cannot be used: memoryMb/,
    ],
  ])('say what is wrong when they cannot be used: %s', async (folder, source, sentence) => {
    workshop.write(`${folder}/model.ts`, source)
    expect(await brokenIn(folder)).toMatch(sentence)
    const model = await workshop.provider.find({ owner: 'local', name: folder })
    if (!model) throw new Error('It is not listed')
    const { provider, files } = workshop
    const { prediction } = await followVersion(provider, files, model.version, {})
    expect(prediction.error).toMatch(/^This model cannot run: /)
  })

  it('are given up on when importing them takes too long', async () => {
    const hasty = await createWorkshop({ limits: { describeMs: 1_200 } })
    hasty.write('hangs/model.ts', 'for (;;);')
    hasty.write('waits/model.ts', 'await new Promise((resolve) => setTimeout(resolve, 60_000))')
    const models = await hasty.provider.models()
    const sentence = 'Import took longer than 1.2 s.'
    expect(models.map(({ broken }) => broken)).toEqual([sentence, sentence])
    await hasty.close()
  })

  it('are whole again when they are mended', async () => {
    workshop.write('mended/model.ts', 'export const = 1')
    expect(await brokenIn('mended')).toMatch(/^Import failed/)
    workshop.model('mended', `run: () => 'well',`)
    expect((await workshop.run('mended')).prediction.output).toBe('well')
  })

  it('are looked at again when a package was installed', async () => {
    workshop.model('needy', 'run: () => word,', `import { word } from 'wordy'`)
    expect(await brokenIn('needy')).toMatch(/Cannot find package 'wordy'/)
    workshop.write('needy/node_modules/wordy/package.json', '{"type":"module","exports":"./i.js"}')
    workshop.write('needy/node_modules/wordy/i.js', `export const word = 'installed'`)
    workshop.write('needy/node_modules/.package-lock.json', '{}')
    expect((await workshop.run('needy')).prediction.output).toBe('installed')
  })

  it('say what is wrong with their examples', async () => {
    for (const [index, text] of ['{', '{}', '[1]', '"x"'].entries()) {
      workshop.model(`examples-${index}`, `run: () => 'x',`)
      workshop.write(`examples-${index}/examples.json`, text)
      expect(await workshop.find(`examples-${index}`)).toMatchObject({
        broken: 'examples.json is not a list of inputs.',
        examples: [],
      })
    }
  })

  it('have an owner by their folder when they name none', async () => {
    workshop.write(
      'ownerless/model.ts',
      modelSource('x', `run: () => 'x',`).replace('test/x', 'lonely'),
    )
    const models = await workshop.provider.models()
    const ref = { owner: 'local', name: 'lonely' }
    expect(models.find((model) => sameModel(model.ref, ref))?.broken).toBeNull()
  })

  it('may claim one name: the first in order has it', async () => {
    workshop.write('twin-a/model.ts', modelSource('twin', `run: () => 'first',`))
    workshop.write('twin-b/model.ts', modelSource('twin', `run: () => 'second',`))
    const models = await workshop.provider.models()
    expect(models.filter(({ ref }) => ref.name === 'twin')).toHaveLength(1)
    expect((await workshop.run('twin')).prediction.output).toBe('first')
  })

  it('may be the same in two folders', async () => {
    const source = modelSource('same', `run: () => 'x',`)
    for (const folder of ['same-a', 'same-b', 'same-c'])
      workshop.write(`${folder}/model.ts`, source)
    await workshop.provider.models()
    expect((await workshop.find('same'))?.broken).toBeNull()
  })

  it('go when their folder goes', async () => {
    workshop.model('leaving', `run: () => 'x',`)
    expect(await workshop.find('leaving')).not.toBeNull()
    rmSync(join(workshop.models, 'leaving'), { recursive: true })
    workshop.pass(60_000)
    expect(await workshop.find('leaving')).toBeNull()
  })

  it('are not harmed by odd things in a folder', async () => {
    symlinkSync('/nowhere', join(workshop.models, 'dangling'))
    mkdirSync(join(workshop.models, 'empty'))
    mkdirSync(join(workshop.models, 'odd', 'lib.ts'), { recursive: true })
    symlinkSync('/nowhere', join(workshop.models, 'odd', 'gone.json'))
    workshop.model('odd', `run: () => 'odd',`)
    expect((await workshop.run('odd')).prediction.output).toBe('odd')
    expect(await workshop.provider.find({ owner: 'local', name: 'empty' })).toBeNull()
  })

  it('give their pictures and no source', async () => {
    workshop.model('pictured', `run: () => 'x',`)
    workshop.write('pictured/cover.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const ref: ModelRef = { owner: 'test', name: 'pictured' }
    const asset = await workshop.provider.asset(ref, 'cover.svg')
    expect(await new Response(asset?.content).text()).toContain('<svg')
    for (const name of ['model.ts', '../pictured/cover.svg', 'absent.png', 'a\0.svg', '.x.svg', ''])
      expect(await workshop.provider.asset(ref, name)).toBeNull()
  })
})

describe('a broken model', () => {
  it('is listed and has a page that says why, among models that work', async () => {
    const workshop = await createWorkshop()
    workshop.write('bad/model.ts', `throw new Error('no weights here')`)
    workshop.model('good', `run: () => 'good',`)
    const sandpit = await createTestApp({ models: [workshop.models] })
    const page = await sandpit.app.request('/local/bad', { headers: { Host: 'localhost' } })
    expect(await page.text()).toContain('no weights here')
    const good = await sandpit.app.request('/test/good', { headers: { Host: 'localhost' } })
    expect(good.status).toBe(200)
    await sandpit.close()
    await workshop.close()
  })
})
