import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programs } from '../../build/programs.ts'
import { descriptionsFolder } from '../../src/providers/local/library/description-files.ts'
import type { ResponseWorkerInput } from '../../src/providers/response-reader.ts'
import { root } from '../../src/root.ts'
import { readMappings } from '../../src/source-map.ts'
import { startServer } from '../support/server.ts'

/** The built server in a folder of another name. */
let copy: string
let data: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'sandpit-build-'))
  data = join(copy, 'data')
  const skipped = join(root, 'dist/compile-cache')
  cpSync(join(root, 'dist'), join(copy, 'dist'), {
    recursive: true,
    filter: (path) => path !== skipped,
  })
  for (const name of ['package.json', 'node_modules', 'models', 'public'])
    symlinkSync(join(root, name), join(copy, name))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const entry = (name: string) => join(copy, 'dist/src', `${name}.js`)

/** Answers what a program writes, when it is started in the root folder. */
function run(name: string, environment: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, PORT: '0', SANDPIT_DATA: data, ...environment }
  return spawnSync(process.execPath, [entry(name)], { cwd: '/', env, encoding: 'utf8' })
}

async function posted(name: string, workerData: unknown): Promise<unknown> {
  const [message] = await once(new Worker(entry(name), { workerData }), 'message')
  return message
}

describe('the build', () => {
  it.each(programs.flat())('has %s', (name) => {
    expect(existsSync(entry(name))).toBe(true)
  })

  it('names sources in stack traces, in any folder', () => {
    const folder = mkdtempSync(join(copy, 'damaged-'))
    writeFileSync(join(folder, 'sandpit.sqlite'), 'this is no database, and it is long enough')
    const { stdout } = run('main', { SANDPIT_DATA: folder, LOG_LEVEL: 'debug' })
    const { stack } = JSON.parse(stdout).error
    expect(stack).toContain(`${pathToFileURL(copy).href}/src/store/sqlite.ts:`)
    expect(stack).not.toContain('/dist/')
  })

  it('keeps what Node compiled, and starts where it cannot', () => {
    const cache = join(copy, 'dist/compile-cache')
    rmSync(cache, { recursive: true, force: true })
    expect(run('main', { PORT: 'none' }).stderr).toContain('PORT')
    expect(readdirSync(cache)).not.toEqual([])
    rmSync(cache, { recursive: true })
    writeFileSync(cache, 'no folder')
    expect(run('main', { PORT: 'none' }).stderr).toContain('PORT')
    rmSync(cache)
  })

  it('has the entry for models, whose zod is the one of models', async () => {
    const { defineModel, z } = await import(pathToFileURL(entry('model')).href)
    const zod = await import(pathToFileURL(entry('providers/local/copy/zod')).href)
    expect(defineModel).toBeTypeOf('function')
    expect([zod.z, zod.default]).toEqual([z, z])
    expect(zod.object).toBe(z.object)
  })

  it('knows the models that come with it without importing them', async () => {
    const server = await startServer()
    expect(await (await fetch(server.url)).text()).toContain('sandpit/image-tools')
    expect(readdirSync(join(server.data, 'local', descriptionsFolder))).toEqual([])
    await server.stop()
  })

  it('draws, checks and reads in programs of their own', async () => {
    const thumbnail = join(copy, 'thumbnail.jpg')
    const photo = join(root, 'models/poster/photo.jpg')
    await promisify(execFile)(process.execPath, [
      entry('files/drawings/draw-thumbnail'),
      photo,
      thumbnail,
    ])
    expect(readFileSync(thumbnail).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]))
    expect(await posted('store/check-database', join(copy, 'missing'))).toMatch(/unable to open/)
    const reading: ResponseWorkerInput = {
      bytes: new TextEncoder().encode('{"status":"succeeded","output":"out"}'),
      folder: join(copy, 'answer'),
      salt: 'salt',
      addresses: 'all',
    }
    expect(await posted('providers/response-worker', reading)).toEqual({
      json: { status: 'succeeded', output: 'out' },
      large: null,
      held: [],
    })
  })
})

describe('the reader of source maps', () => {
  const maps = globSync('{src,chunks}/**/*.map', { cwd: join(root, 'dist') })

  it.each(maps)('agrees with Node’s in %s', (name) => {
    const map = JSON.parse(readFileSync(join(root, 'dist', name), 'utf8'))
    const lines = readFileSync(join(root, 'dist', name.replace(/\.map$/, '')), 'utf8').split('\n')
    const node = new SourceMap(map)
    const originalOf = readMappings(map.mappings)
    const step = Math.ceil(lines.length / 500)
    for (let line = 0; line < lines.length; line += step)
      for (const column of [0, 3, 20]) {
        const original = originalOf(line, column)
        if (!original) continue
        const found = node.findEntry(line, column)
        if (!('originalLine' in found)) throw new Error('Node finds none')
        expect([map.sources[original.source], original.line, original.column]).toEqual([
          found.originalSource,
          found.originalLine,
          found.originalColumn,
        ])
      }
  })
})
