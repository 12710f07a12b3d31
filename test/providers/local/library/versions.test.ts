import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Version } from '../../../../src/domain/model/model.ts'
import { createLocalProvider } from '../../../../src/providers/local/local.ts'
import { eventually } from '../../../support/eventually.ts'
import { followVersion } from '../../support/follow.ts'
import { createWorkshop, modelSource, type Workshop } from '../../support/workshop.ts'

describe('an earlier version of a local model', () => {
  let workshop: Workshop
  beforeEach(async () => {
    workshop = await createWorkshop()
  })
  afterEach(() => workshop.close())

  const kept = () => join(workshop.folder, 'data', 'versions-1')

  /** The version that a model is in now, once its source is kept. */
  async function keptVersion(name: string): Promise<Version> {
    const found = await workshop.find(name)
    if (!found) throw new Error(`There is no model test/${name}`)
    const folder = join(kept(), 'test', name, found.version.id)
    await eventually(() => expect(existsSync(folder)).toBe(true))
    return found.version
  }

  async function runAs(version: Version) {
    const { prediction } = await followVersion(workshop.provider, workshop.files, version, {})
    return prediction
  }

  it('is found and run by its id, beside the current one', async () => {
    workshop.model('moving', `run: () => 'old',`)
    const before = await keptVersion('moving')
    workshop.model('moving', `input: z.object({ more: z.string() }), run: () => 'new',`)
    const now = await workshop.find('moving')
    const found = await workshop.provider.find(before.model, before.id)
    expect(found).toMatchObject({ isEarlier: true, version: { id: before.id }, broken: null })
    expect(found?.version.schema.input).toEqual([])
    expect(now?.version.schema.input).toHaveLength(1)
    expect((await runAs(before)).output).toBe('old')
    expect(await workshop.provider.find(before.model, 'f'.repeat(64))).toBe(now)
  })

  it('keeps its process from run to run, as the current one does', async () => {
    workshop.model('moving', `copies: 2, run: () => 'old ' + process.pid,`)
    const before = await keptVersion('moving')
    workshop.model('moving', `copies: 2, run: () => 'new ' + process.pid,`)
    const { output } = await runAs(before)
    await workshop.run('moving')
    expect((await runAs(before)).output).toBe(output)
  })

  it('runs while the current one is broken', async () => {
    workshop.model('moving', `run: () => 'old',`)
    const before = await keptVersion('moving')
    workshop.write('moving/examples.json', '{}')
    workshop.model('moving', `run: () => 'new',`)
    expect((await workshop.find('moving'))?.broken).toContain('examples.json')
    expect((await runAs(before)).output).toBe('old')
  })

  it('runs after the next start of the server', async () => {
    workshop.model('moving', `run: () => 'old',`)
    const before = await keptVersion('moving')
    workshop.model('moving', `run: () => 'new',`)
    await keptVersion('moving')
    await workshop.provider.close()
    // As a server leaves it that is killed while it keeps one.
    const unfinished = join(kept(), 'test', 'moving', '.new-1')
    mkdirSync(unfinished)
    const next = createLocalProvider({
      roots: [workshop.models],
      folder: join(workshop.folder, 'data'),
      environment: {},
      now: Date.now,
    })
    const { prediction } = await followVersion(next, workshop.files, before, {})
    expect(prediction.output).toBe('old')
    expect(existsSync(unfinished)).toBe(false)
    await next.close()
  })

  it('has its own modules and files of source, and all others of its model as they are', async () => {
    const source = modelSource(
      'whole',
      `run: () => [word, name, shared, number, text('words.json'), text('./deep/weights.bin'),
        readFileSync(new URL('./deep/weights.bin', import.meta.url), 'utf8')].join(' '),`,
      `import { readFileSync } from 'node:fs'
import { word } from './deep/word.ts'
import { name } from 'some-package'
import { shared } from '../shared.ts'
import number from './number.json' with { type: 'json' }
const text = (path: string) => readFileSync(path, 'utf8')`,
    )
    workshop.write('shared.ts', `export const shared = 'shared'`)
    workshop.write('node_modules/some-package/package.json', '{"main": "index.js"}')
    workshop.write('node_modules/some-package/index.js', `exports.name = 'package'`)
    workshop.write('whole/number.json', '1')
    workshop.write('whole/words.json', '"old"')
    workshop.write('whole/deep/word.ts', `export const word = 'old'`)
    workshop.write('whole/deep/weights.bin', 'weights')
    workshop.write('whole/model.ts', source)
    const before = await keptVersion('whole')
    workshop.write('whole/number.json', '2')
    workshop.write('whole/words.json', '"new"')
    workshop.write('whole/deep/word.ts', `export const word = 'new'`)
    const output = 'old package shared 1 "old" weights weights'
    expect((await runAs(before)).output).toBe(output)
    expect((await workshop.run('whole')).prediction.output).toBe(
      output.replaceAll('old', 'new').replace('1', '2'),
    )
  })

  it('has no module that came later, and keeps one that went', async () => {
    workshop.write('renamed/first.ts', `export const word = 'first'`)
    workshop.model(
      'renamed',
      `run: async () => word + ' ' + await import('./second.ts').then(() => 'there', () => 'gone'),`,
      `import { word } from './first.ts'`,
    )
    const before = await keptVersion('renamed')
    rmSync(join(workshop.models, 'renamed', 'first.ts'))
    workshop.write('renamed/second.ts', '')
    workshop.model('renamed', `run: () => 'new',`)
    await workshop.find('renamed')
    expect((await runAs(before)).output).toBe('first gone')
  })

  it('is not run once its kept source is another', async () => {
    workshop.model('moving', `run: () => 'old',`)
    const before = await keptVersion('moving')
    workshop.model('moving', `run: () => 'new',`)
    const file = join(kept(), 'test', 'moving', before.id, 'source', 'model.ts')
    const text = readFileSync(file, 'utf8')
    rmSync(file)
    writeFileSync(file, text.replace('old', 'bad'))
    expect((await runAs(before)).error).toMatch(
      /^The model has changed since this was created, and the source of its version is not kept/,
    )
    const found = await workshop.provider.find(before.model, before.id)
    expect(found?.version.id).not.toBe(before.id)
  })

  it('is not kept when its source is very large', async () => {
    workshop.write('large/data.json', JSON.stringify('x'.repeat(17 * 2 ** 20)))
    workshop.model('large', `run: () => 'old',`)
    const before = await workshop.find('large')
    workshop.model('large', `run: () => 'new',`)
    await workshop.find('large')
    if (!before) throw new Error('There is no such model')
    expect((await runAs(before.version)).error).toMatch(/^The model has changed/)
  })
})
