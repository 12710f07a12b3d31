import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { fileAt } from '../../../src/domain/file/file.ts'
import { isList } from '../../../src/domain/json/json.ts'
import type { Progress } from '../../../src/domain/prediction/prediction.ts'
import { recorded } from '../../support/transcripts.ts'
import { comfyLine, slowWorkflow } from '../support/comfy-line.ts'
import { eventually } from '../support/eventually.ts'

it('makes a picture without the workflow in it, with progress by node and step', async () => {
  const { run, files, server } = await comfyLine()
  const seen: Progress[] = []
  const { prediction } = await run(
    { prompt: 'a tree', seed: 5 },
    { each: (one) => void (one.type === 'progressed' && seen.push(one.progress)) },
  )
  expect(prediction).toMatchObject({ status: 'succeeded', metrics: { image_count: 1 } })
  expect(prediction.logs).toMatch(/^Sampler\n.*Save Image\n$/s)
  const fractions = seen.flatMap(({ fraction }) => fraction ?? [])
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(seen).toContainEqual(expect.objectContaining({ label: 'Sampler', fraction: 0.2 }))
  expect(seen.at(-1)?.preview).toMatch(/^data:image\/jpeg;base64,\/9j\//)
  const { output } = prediction
  const picture = fileAt(isList(output) ? output[0] : output, prediction.files)
  if (!picture) throw new Error('There is no picture')
  const bytes = await buffer((await files.open(picture.sha256)) as AsyncIterable<Uint8Array>)
  expect(recorded('comfy', 'view-png').response.body.includes('class_type')).toBe(true)
  expect(bytes.includes('class_type')).toBe(false)
  expect(bytes.subarray(-8).toString('latin1')).toContain('IEND')
  expect(server.asked).toContain('WS without an origin')
  expect(server.prompts[0]?.nodes['9']?.inputs.filename_prefix).toMatch(/^sandpit\/\w+\/output$/)
})

it('draws a seed when none is given, and says which', async () => {
  const { run, server } = await comfyLine()
  const { prediction } = await run({})
  const seed = server.prompts[0]?.nodes['3']?.inputs.seed
  expect(prediction.logs).toContain(`Using seed: ${seed}\n`)
})

it('puts no list or object in place of a value, whatever it is asked for', async () => {
  const { run, server } = await comfyLine()
  await run({ prompt: ['4', 1], steps: { class_type: 'x' }, unknown: 1 })
  const [prompt] = server.prompts
  expect(prompt?.nodes['6']?.inputs.text).toBe('a bottle in a landscape')
  expect(prompt?.nodes['3']?.inputs.steps).toBe(4)
})

it('says where it is in the line, and is taken out of it', async () => {
  const { run, server } = await comfyLine({ workflow: slowWorkflow })
  const first = new AbortController()
  const one = run({}, { signal: first.signal })
  await eventually(() => server.working() === 1)
  const second = new AbortController()
  const labels: unknown[] = []
  const two = run(
    {},
    {
      signal: second.signal,
      each: (said) => {
        if (said.type !== 'progressed') return
        labels.push(said.progress.label)
        second.abort('canceled')
      },
    },
  )
  const { occurrences } = await two
  expect(labels).toEqual(['In line at its server, 1 before it'])
  expect(occurrences.some(({ type }) => type === 'started')).toBe(false)
  expect(server.queued()).toBe(0)
  expect(server.working()).toBe(1)
  expect(server.asked).not.toContain('POST /interrupt')
  first.abort('canceled')
  await one
  expect(server.working()).toBe(0)
})

it.each([
  ['bad-literal-range', 'width: Value 999999 bigger than max of 16384.'],
  ['bad-choice', 'upscale_method: The server does not have the choice “magic” any longer.'],
  ['bad-no-output', 'The server refused the workflow: Prompt has no outputs.'],
])('says why it was refused, by the names of inputs: %s', async (name, sentence) => {
  const { response } = recorded('comfy', name)
  const workflow = {
    '2': {
      class_type: 'ImageScale',
      inputs: { upscale_method: 'bilinear', width: 8, height: 8, crop: 'center' },
    },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: '' } },
  }
  const input = (id: string) => ({ id: `2.${id}`, name: id, minimum: null, maximum: null })
  const { run } = await comfyLine({
    workflow,
    chosen: { inputs: [input('width'), input('upscale_method')], outputs: ['9'] },
    server: {
      instead: ({ method, url }, answer) => {
        if (method !== 'POST' || url !== '/prompt') return false
        answer.writeHead(400).end(response.body)
        return true
      },
    },
  })
  const { prediction } = await run({})
  expect(prediction).toMatchObject({ status: 'failed', error: sentence })
})

it('fails with the message of a node, and keeps the stack to the server', async () => {
  const workflow = { '1': { class_type: 'FailText', inputs: { text: 'boom' } } }
  const { run } = await comfyLine({ workflow })
  const { prediction } = await run({})
  expect(prediction).toMatchObject({ status: 'failed', error: 'boom' })
  expect(prediction.logs).toContain('RuntimeError: boom')
  expect(prediction.logs).not.toContain('/opt')
})

it('ends as well without a socket', async () => {
  const { run, server } = await comfyLine()
  const made = run({}, { each: () => void server.cutSockets() })
  expect((await made).prediction.status).toBe('succeeded')
})

it('follows the prompt of a server that names it by itself', async () => {
  const { run, server } = await comfyLine({ server: { namesPrompts: true } })
  const { prediction, occurrences } = await run({})
  expect(prediction.status).toBe('succeeded')
  expect(occurrences).toContainEqual({ type: 'submitted', remote: `${server.url}#made-0` })
})

it('sends a workflow once, even when the answer is lost', async () => {
  let lost = 0
  const { run, server } = await comfyLine({ server: { losesAnswers: () => lost++ === 0 } })
  const { prediction } = await run({})
  expect(prediction.status).toBe('succeeded')
  expect(server.prompts).toHaveLength(1)
})

it('fails when the server forgets the run, or somebody interrupts it there', async () => {
  const { run, server } = await comfyLine({ workflow: slowWorkflow })
  const forgotten = run({}, { each: ({ type }) => void (type === 'started' && server.forget()) })
  expect((await forgotten).prediction.error).toMatch(/lost this run/)
  const interrupted = run(
    {},
    { each: ({ type }) => void (type === 'started' && server.prompts.at(-1)?.interrupt.abort()) },
  )
  expect((await interrupted).prediction.error).toMatch(/Somebody interrupted/)
})

it('is followed on after a restart, and is not sent again', async () => {
  const { run, server } = await comfyLine({ workflow: slowWorkflow })
  const stopping = new AbortController()
  const before = await run(
    {},
    {
      signal: stopping.signal,
      each: (_, { logs }) => void (logs.includes('working') && stopping.abort('stopped')),
    },
  )
  expect(server.working()).toBe(1)
  const { remote } = before.prediction
  const known = { chunks: 0, units: 0, logs: before.prediction.logs.length }
  const canceling = new AbortController()
  const after = await run(
    {},
    {
      given: { remote, known },
      signal: canceling.signal,
      each: ({ type }) => void (type === 'started' && canceling.abort('canceled')),
    },
  )
  expect(after.occurrences.some(({ type }) => type === 'submitted')).toBe(false)
  expect(server.prompts).toHaveLength(1)
  expect(server.working()).toBe(0)
})

it('has its result when it ended while we were away, and runs again when it was lost', async () => {
  const { run, server } = await comfyLine()
  const { prediction } = await run({})
  const given = { remote: prediction.remote }
  expect((await run({}, { given })).prediction).toMatchObject({ status: 'succeeded' })
  expect(server.prompts).toHaveLength(1)
  server.history.clear()
  const { occurrences } = await run({}, { given })
  expect(occurrences.at(-1)).toEqual({ type: 'interrupted', rerun: true })
})
