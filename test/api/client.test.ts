import { mkdtempSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prediction } from 'replicate'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type ApiServer, comparedAnswers, mismatches, pixel, startApi } from './support.ts'

let sandpit: ApiServer
beforeAll(async () => {
  sandpit = await startApi()
})
afterAll(() => sandpit.stop())
afterEach(async () => expect(await mismatches()).toEqual([]))

describe('Replicate’s own client', () => {
  it('runs a model and has its output', async () => {
    const output = await sandpit.replicate.run('test/echo', { input: { text: 'hello', times: 2 } })
    expect(output).toBe('hellohello')
  })

  it('runs a version, by its id alone and with its model', async () => {
    const { version } = await sandpit.replicate.predictions.create({
      model: 'test/echo',
      input: { text: 'x' },
    })
    expect(version).toMatch(/^[\da-f]{64}$/)
    const made = await sandpit.replicate.predictions.create({ version, input: { text: 'by id' } })
    expect((await sandpit.replicate.wait(made)).output).toBe('by id')
    const output = await sandpit.replicate.run(`test/echo:${version}`, { input: { text: 'both' } })
    expect(output).toBe('both')
  })

  it('waits by asking again and again', async () => {
    const output = await sandpit.replicate.run('test/slow', {
      input: { ms: 50 },
      wait: { mode: 'poll', interval: 10 },
    })
    expect(output).toBe('done')
  })

  it('goes on asking when the wait was too short', async () => {
    const output = await sandpit.replicate.run('test/slow', {
      input: { ms: 1500 },
      wait: { mode: 'block', timeout: 1, interval: 20 },
    })
    expect(output).toBe('done')
  })

  it('sees the progress of a run', async () => {
    const seen: Prediction[] = []
    await sandpit.replicate.run(
      'test/words',
      { input: { words: ['a', 'b', 'c'], everyMs: 60 }, wait: { mode: 'poll', interval: 10 } },
      (prediction) => seen.push(prediction),
    )
    const statuses = [...new Set(seen.map(({ status }) => status))]
    expect(statuses).toEqual(['starting', 'processing', 'succeeded'])
    expect(seen.at(-1)).toMatchObject({
      output: ['a', 'b', 'c'],
      logs: expect.stringContaining('writing c'),
      metrics: { predict_time: expect.any(Number), total_time: expect.any(Number) },
      source: 'api',
    })
  })

  it('streams text as it is written', async () => {
    const events: string[][] = []
    const words = ['one ', 'two\n\nthree', '  four']
    for await (const { event, data } of sandpit.replicate.stream('test/words', {
      input: { words },
    }))
      events.push([event, data])
    const output = events.filter(([event]) => event === 'output').map(([, data]) => data)
    expect(output).toEqual(words)
    expect(events.at(-1)).toEqual(['done', '{}'])
  })

  it('streams files as files', async () => {
    const files: unknown[] = []
    for await (const { event, data } of sandpit.replicate.stream('test/pictures', {
      input: { count: 2 },
    }))
      if (event === 'output') files.push(data)
    expect(files).toHaveLength(2)
    for (const file of files as unknown as Blob[])
      expect(
        Buffer.from(
          await (await (file as unknown as { blob(): Promise<Blob> }).blob()).arrayBuffer(),
        ),
      ).toEqual(pixel)
  })

  it('writes a file that a model made to disk, over plain http', async () => {
    const output = (await sandpit.replicate.run('test/pictures', { input: {} })) as unknown[]
    const path = join(mkdtempSync(join(tmpdir(), 'sandpit-out-')), 'out.png')
    await writeFile(path, output[0] as ReadableStream)
    expect(readFileSync(path)).toEqual(pixel)
  })

  it('gives a model a file that it holds', async () => {
    const given = Buffer.from('not a picture but a text')
    const output = (await sandpit.replicate.run('test/pictures', {
      input: { image: given },
    })) as ReadableStream[]
    expect(Buffer.from(await new Response(output[0]).arrayBuffer())).toEqual(given)
  })

  it('keeps files: up, listed, looked at, deleted', async () => {
    const { files } = sandpit.replicate
    const made = await files.create(new Blob(['{"a":1}']), {
      customer: 12345678901234567890n.toString(),
    })
    expect(made).toMatchObject({ size: 7, metadata: { customer: '12345678901234567890' } })
    expect(await files.get(made.id)).toEqual(made)
    expect((await files.list()).results).toContainEqual(made)
    expect(await files.delete(made.id)).toBe(true)
    await expect(files.get(made.id)).rejects.toThrow(/404/)
  })

  it('pages through all there is', async () => {
    const ids = new Set<string>()
    for (let made = 0; made < 105; made++) {
      const prediction = await sandpit.replicate.predictions.create({
        model: 'test/echo',
        input: { text: String(made) },
      })
      ids.add(prediction.id)
    }
    const listed: Prediction[][] = []
    for await (const page of sandpit.replicate.paginate(sandpit.replicate.predictions.list))
      listed.push(page)
    expect(listed.map((page) => page.length)).toEqual([100, expect.any(Number)])
    const found = listed.flat().map(({ id }) => id)
    expect(found.slice(0, ids.size).sort()).toEqual([...ids].sort())
    expect(new Set(found).size).toBe(found.length)
  })

  it('cancels by its signal', async () => {
    const controller = new AbortController()
    const seen: Prediction[] = []
    const running = sandpit.replicate.run(
      'test/slow',
      { input: {}, signal: controller.signal, wait: { mode: 'poll', interval: 10 } },
      (prediction) => {
        seen.push(prediction)
        if (seen.length === 2) controller.abort()
      },
    )
    await running.catch(() => null)
    const { id } = seen[0] as Prediction
    await eventually(async () =>
      expect((await sandpit.replicate.predictions.get(id)).status).toBe('canceled'),
    )
    expect((await sandpit.replicate.predictions.cancel(id)).status).toBe('canceled')
  })

  it('throws what a failed run says', async () => {
    await expect(sandpit.replicate.run('test/failing', { input: {} })).rejects.toThrow(
      /Prediction failed: .*The cat is out of the bag/,
    )
  })

  it('throws what is wrong with the input', async () => {
    const running = sandpit.replicate.run('test/echo', { input: { text: 'x', times: 9 } })
    await expect(running).rejects.toThrow(/422 .*Must be less than or equal to 4/)
  })

  it('has its account, hardware, trainings and webhook secret', async () => {
    const { accounts, hardware, trainings, webhooks } = sandpit.replicate
    expect(await accounts.current()).toMatchObject({ type: 'organization' })
    expect(await hardware.list()).toEqual([{ sku: 'sandpit', name: expect.any(String) }])
    expect((await trainings.list()).results).toEqual([])
    await expect(
      trainings.create('test', 'echo', 'a', { destination: 'test/new', input: {} }),
    ).rejects.toThrow(/does not train/)
    expect((await webhooks.default.secret.get()).key).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/)
  })

  it('is answered as Replicate’s document says', async () => {
    await mismatches()
    const compared = comparedAnswers()
    if (compared !== null) expect(compared).toBeGreaterThan(20)
  })
})
