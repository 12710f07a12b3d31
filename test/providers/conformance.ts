import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { fileAt, fileUri } from '../../src/domain/file/file.ts'
import { newId } from '../../src/domain/id.ts'
import { isList, type Json, type JsonObject } from '../../src/domain/json/json.ts'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { openDisk } from '../../src/files/disk.ts'
import type { Files } from '../../src/files/files.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { createTestApp } from '../support/test-app.ts'
import { eventually } from './support/eventually.ts'
import { type FollowOptions, follow, followVersion } from './support/follow.ts'

/**
 * The models that a provider brings to the suite:
 *
 * - `echo {text}` makes `text`.
 * - `stream {count}` makes the items `1 `, `2 `, … one after another, some time apart.
 * - `report` says it is half done, logs `step 1` and `step 2`, and makes `reported`.
 * - `fail {reason}` fails with `reason`.
 * - `slow` logs `working`, and works for a minute unless it is told to stop.
 * - `copy {file}` makes a file with the bytes of `file`, named `copied-` and its name, or a list of it.
 * - `garbage` makes 42 where its own schema promises a text.
 * - `vanish` logs `working`, and then whatever runs it goes away without a word.
 */
export const parts = [
  'echo',
  'stream',
  'report',
  'fail',
  'slow',
  'copy',
  'garbage',
  'vanish',
] as const
export type Part = (typeof parts)[number]

type Lack = 'progress' | 'names' | 'streams' | 'files' | 'values'

export interface ProviderSetUp {
  readonly provider: Provider
  /** The provider's name for the model with a role. */
  model(part: Part): ModelRef
  /** Where its upstream reports a run to it by itself, for one that can. */
  readonly callbackUrl?: (id: string) => string
  /**
   * What its upstream cannot do: report progress or file names, make an output item by item, take a file and
   * make one, or make a value that is no text.
   */
  readonly lacks?: readonly Lack[]
  /** The input of a model as the provider's own models take it; left out when that is the same. */
  readonly input?: (input: JsonObject) => JsonObject
  /** An output as one value, for a provider whose models all make lists; left out for others. */
  readonly made?: (output: Json) => Json
  /** How many runs of `slow` are at work where the work is done. */
  working(): number | Promise<number>
  /** Ends what was set up; the provider may be closed already. */
  close(): Promise<void>
}

/** The contract of `Provider`, for every implementation. */
export function describeProvider(name: string, setUp: () => Promise<ProviderSetUp>): void {
  describe(`${name}, as a provider`, () => {
    let given: ProviderSetUp
    let files: Files
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sandpit-conformance-'))
      files = await openDisk(folder)
      given = await setUp()
    })
    afterAll(async () => {
      await given.close()
      await rm(folder, { recursive: true, force: true })
    })

    function run(part: Part, input: JsonObject = {}, options: FollowOptions = {}) {
      const id = newId(randomBytes(16))
      const callbackUrl = given.callbackUrl?.(id) ?? null
      const own = { id, callbackUrl, ...options.given }
      const sent = given.input?.(input) ?? input
      return follow(given.provider, files, given.model(part), sent, { ...options, given: own })
    }
    const lacks = (what: Lack) => given.lacks?.includes(what) ?? false
    const made = (output: Json) => given.made?.(output) ?? output
    const atWork = (count: number) => eventually(async () => (await given.working()) === count)

    it('lists its models and finds each by name', async () => {
      const listed = (await given.provider.models()).map(({ ref }) => ref)
      for (const part of parts) {
        expect(listed).toContainEqual(given.model(part))
        const found = await given.provider.find(given.model(part))
        expect(found).toMatchObject({ provider: given.provider.name, broken: null })
        expect(found?.version.id).toMatch(/^[0-9a-f]{64}$/)
      }
    })

    it('knows no model that is not there', async () => {
      expect(await given.provider.find({ owner: 'nobody', name: 'nothing' })).toBeNull()
    })

    it('succeeds with what the model made', async () => {
      const { prediction } = await run('echo', { text: 'Grüße, 世界 👋' })
      expect(prediction).toMatchObject({ status: 'succeeded', error: null })
      expect(made(prediction.output)).toBe('Grüße, 世界 👋')
    })

    it('says that the model began before anything it makes', async () => {
      const { occurrences } = await run('echo', { text: 'a' })
      const types = occurrences
        .map(({ type }) => type)
        .filter((type) => type !== 'submitted' && type !== 'progressed')
      expect(types.indexOf('started')).toBe(0)
      expect(types.at(-1)).toBe('succeeded')
    })

    it('reports items as they are made, each by its place', async () => {
      const { prediction, occurrences, outputs } = await run('stream', { count: 5 })
      expect(prediction.output).toEqual(['1 ', '2 ', '3 ', '4 ', '5 '])
      if (!lacks('streams')) expect(outputs.length).toBeGreaterThan(1)
      let known = 0
      for (const occurrence of occurrences)
        if (occurrence.type === 'emitted') {
          expect(occurrence.index).toBe(known)
          known += occurrence.chunks.length
        }
    })

    it('reports progress and logs', async () => {
      const seen: unknown[] = []
      const { prediction } = await run(
        'report',
        {},
        {
          each: (_, { progress }) => seen.push(progress?.fraction),
        },
      )
      if (!lacks('progress')) expect(seen).toContain(0.5)
      expect(prediction.status).toBe('succeeded')
      expect(made(prediction.output)).toBe('reported')
      expect(prediction.logs).toMatch(/step 1\n.*step 2\n/s)
    })

    it('fails with the sentence of the model, its cause in the logs', async () => {
      const { prediction } = await run('fail', { reason: 'The moon is full' })
      expect(prediction.status).toBe('failed')
      expect(prediction.error).toContain('The moon is full')
      expect(prediction.logs).toContain('The moon is full')
    })

    it('holds our own models to their schema, and keeps whatever an upstream made', async () => {
      const { prediction } = await run('garbage')
      if (lacks('values')) return expect(prediction.status).toBe('succeeded')
      if (given.provider.name !== 'local')
        return expect(prediction).toMatchObject({ status: 'succeeded', output: 42 })
      expect(prediction).toMatchObject({ status: 'failed', output: null })
      expect(prediction.error).toMatch(/\w+ \w+/)
    })

    it('fails when what runs the model goes away', async () => {
      const { prediction } = await run('vanish')
      expect(prediction).toMatchObject({ status: 'failed' })
      expect(prediction.error).toMatch(/\w+ \w+/)
      expect(prediction.logs).toContain('working')
    })

    it('fails when the model is gone', async () => {
      const model = await given.provider.find(given.model('echo'))
      if (!model) throw new Error('There is no echo')
      const version = { ...model.version, model: { owner: 'nobody', name: 'nothing' } }
      const { prediction } = await followVersion(given.provider, files, version, { text: 'a' })
      expect(prediction).toMatchObject({ status: 'failed' })
      expect(prediction.error).toMatch(/\w+ \w+/)
    })

    it('hands files in and takes files out', async () => {
      if (lacks('files')) return
      const bytes = randomBytes(300_000)
      const stored = {
        ...(await files.put(Readable.from([bytes]), 2 ** 20)),
        ref: newId(randomBytes(16)),
      }
      const file = { ...stored, name: 'noise.bin' }
      const { prediction } = await run('copy', { file: fileUri(file) }, { files: [file] })
      expect(prediction.status).toBe('succeeded')
      const { output } = prediction
      const made = fileAt(isList(output) ? output[0] : output, prediction.files)
      expect(made).toMatchObject({ sha256: file.sha256, size: 300_000 })
      if (!lacks('names')) expect(made?.name).toBe('copied-noise.bin')
      expect(made?.ref).not.toBe(file.ref)
    })

    it('stops the work before it returns when it is canceled', async () => {
      const controller = new AbortController()
      const { prediction } = await run(
        'slow',
        {},
        {
          signal: controller.signal,
          each: (_, { logs }) => void (logs.includes('working') && controller.abort('canceled')),
        },
      )
      expect(await given.working()).toBe(0)
      expect(prediction.status).not.toBe('succeeded')
    })

    it('begins nothing when it is canceled before', async () => {
      const { occurrences } = await run('slow', {}, { signal: AbortSignal.abort('canceled') })
      expect(occurrences.filter(({ type }) => type === 'succeeded')).toEqual([])
      expect(await given.working()).toBe(0)
    })

    it('stops the work when nobody listens any more', async () => {
      await run('slow', {}, { each: (_, { logs }) => !logs.includes('working') })
      await atWork(0)
    })

    it('runs two at once and stops only the one that is canceled', async () => {
      const [first, second] = [new AbortController(), new AbortController()]
      const one = run('slow', {}, { signal: first.signal })
      const two = run('slow', {}, { signal: second.signal })
      await atWork(2)
      first.abort('canceled')
      await one
      expect(await given.working()).toBe(1)
      second.abort('canceled')
      await two
      expect(await given.working()).toBe(0)
    })

    it('keeps runs apart that are under way at once', async () => {
      const texts = ['a', 'b', 'c', 'd']
      const ran = await Promise.all(texts.map((text) => run('echo', { text })))
      expect(ran.map(({ prediction }) => made(prediction.output))).toEqual(texts)
    })

    it('is none the worse for all this', async () => {
      const { prediction } = await run('echo', { text: 'still here' })
      expect(prediction.status).toBe('succeeded')
      expect(made(prediction.output)).toBe('still here')
    })
  })

  describe(`${name}, run by the runner`, () => {
    it('ends what takes longer than it may', async () => {
      const given = await setUp()
      onTestFinished(given.close)
      const sandpit = await createTestApp({
        environment: { SANDPIT_RUN_TIMEOUT: '1s' },
        providers: () => [given.provider],
      })
      const prediction = await startPart(sandpit, given, 'slow')
      const settled = await sandpit.runner.settledWithin(prediction.id, 60_000)
      expect(settled && isSettled(settled)).toBe(true)
      expect(settled?.error).toBe('It timed out after 1 s.')
      await eventually(async () => (await given.working()) === 0)
      await sandpit.close()
    })

    it('ends everything when the provider is closed', async () => {
      const given = await setUp()
      onTestFinished(given.close)
      const sandpit = await createTestApp({ providers: () => [given.provider] })
      const prediction = await startPart(sandpit, given, 'slow')
      await eventually(async () => (await given.working()) === 1)
      await given.provider.close()
      await eventually(async () => (await given.working()) === 0)
      await sandpit.runner.settledWithin(prediction.id, 60_000)
      await sandpit.close()
    })
  })
}

async function startPart(
  { runner }: Awaited<ReturnType<typeof createTestApp>>,
  given: ProviderSetUp,
  part: Part,
) {
  const found = await given.provider.find(given.model(part))
  if (!found) throw new Error(`There is no ${part}`)
  const started = await runner.start({
    model: found,
    input: given.input?.({}) ?? {},
    files: [],
    createdBy: 'a test',
    source: 'api',
    formKey: null,
  })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction
}
