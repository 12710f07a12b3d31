import { expect, it } from 'vitest'
import { formatJson } from '../../../src/domain/json/json.ts'
import { comfyLine, slowWorkflow } from '../support/comfy-line.ts'
import { longestHold } from '../support/longest-hold.ts'

/** A name as no file has. */
const outside = '../../../etc/passwd'

it.each([outside, '/etc/passwd', 'file:///etc/passwd', 'http://169.254.169.254/x', 'a\0b.png'])(
  'asks its own server alone for the file %j, and keeps it under a plain name',
  async (filename) => {
    const nodes = {
      Odd: {
        input: {},
        isOutput: true,
        run: async () => ({ images: [{ filename, subfolder: outside, type: 'output' }] }),
      },
    }
    const { run, server } = await comfyLine({
      workflow: { '1': { class_type: 'Odd', inputs: {} } },
      server: {
        nodes,
        instead: ({ url = '' }, response) => {
          if (!url.startsWith('/view')) return false
          response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Not a picture</h1>')
          return true
        },
      },
    })
    const { prediction } = await run({})
    expect(server.asked.filter((one) => one.includes('/view'))).toHaveLength(1)
    expect(prediction.files[0]?.type ?? '').not.toMatch(/^image/)
    expect(prediction.files[0]?.name ?? '').not.toContain('..')
  },
)

it('follows no redirect of a file, and fails with a sentence', async () => {
  const nodes = {
    Odd: {
      input: {},
      isOutput: true,
      run: async () => ({ images: [{ filename: 'a.png', subfolder: '', type: 'output' }] }),
    },
  }
  const { run, server } = await comfyLine({
    workflow: { '1': { class_type: 'Odd', inputs: {} } },
    server: {
      nodes,
      instead: ({ url = '' }, response) => {
        if (!url.startsWith('/view')) return false
        response.writeHead(302, { Location: '/view?again' }).end()
        return true
      },
    },
  })
  const { prediction } = await run({})
  expect(prediction.error).toBe('The files that it made could not be copied from its server.')
  expect(server.asked.filter((one) => one.includes('/view'))).toHaveLength(1)
})

it('ends as well when messages are huge, of wrong kinds, or about others', async () => {
  const { run, server } = await comfyLine()
  const mess = (at: number) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(at, 0)
    head.writeUInt32BE(7, 4)
    return Buffer.concat([head, Buffer.alloc(200_000, at)])
  }
  const held = await longestHold(async () => {
    const { prediction } = await run(
      {},
      {
        each: ({ type }) => {
          if (type !== 'started') return
          for (let at = 0; at < 20; at++) server.tellAll(mess(at))
          server.tellAll('['.repeat(500_000))
          server.tellAll(
            formatJson({ type: 'executing', data: { prompt_id: 'another', node: null } }),
          )
          server.tellAll(formatJson({ type: 'progress_state', data: { nodes: 'none' } }))
        },
      },
    )
    expect(prediction).toMatchObject({ status: 'succeeded', metrics: { image_count: 1 } })
  })
  expect(held).toBeLessThan(200)
})

it('is told its place in a queue of megabytes, and by which id it is removed', async () => {
  const others = Array.from({ length: 4_000 }, (_, at) => [
    at,
    `other-${at}`,
    { text: 'x'.repeat(1_000) },
  ])
  const canceling = new AbortController()
  const { run, server } = await comfyLine({
    workflow: slowWorkflow,
    server: {
      instead: ({ url, method }, response) => {
        if (method !== 'GET' || url !== '/queue' || server.prompts.length === 0) return false
        const own = server.prompts.map(({ id }) => [5_000, id, {}])
        const pending = server.queued() + server.working() > 0 ? [...others, ...own] : others
        response.end(formatJson({ queue_running: [], queue_pending: pending }))
        return true
      },
    },
  })
  const labels: unknown[] = []
  const one = run(
    {},
    {
      signal: canceling.signal,
      each: (said) => {
        if (said.type !== 'progressed' || !said.progress.label?.startsWith('In line')) return
        labels.push(said.progress.label)
        server.forget()
        canceling.abort('canceled')
      },
    },
  )
  await one
  expect(labels[0]).toBe('In line at its server, 4000 before it')
  expect(server.asked).not.toContain('POST /interrupt')
})
