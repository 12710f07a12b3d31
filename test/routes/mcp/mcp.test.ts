import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isSettled } from '../../../src/domain/prediction/prediction.ts'
import { createMcp } from '../../../src/routes/mcp/index.ts'
import { eventually } from '../../support/eventually.ts'
import { listen } from '../../support/listen.ts'
import { type McpApp, startMcp, token } from './support.ts'

let sandpit: McpApp
beforeAll(async () => {
  sandpit = await startMcp()
})
afterAll(() => sandpit.close())

const clients = ['connect', 'connectPlain', 'connectOld'] as const

/** The texts of a result, below each other. */
function textOf(result: object): string {
  const content = 'content' in result && Array.isArray(result.content) ? result.content : []
  return content.map(({ text = '' }) => text).join('\n')
}

describe.each(clients)('a client (%s)', (connect) => {
  it('lists the models as tools', async () => {
    const client = await sandpit[connect]()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'cancel_prediction',
      'get_prediction',
      'team__echo',
      'team__keeper',
      expect.stringMatching(/^team__paint-2-5_[0-9a-f]{8}$/),
      'team__slow',
    ])
    const echo = tools.find(({ name }) => name === 'team__echo')
    expect(echo).toMatchObject({
      title: 'team/echo',
      description: expect.stringContaining('Says it again.'),
      inputSchema: {
        type: 'object',
        required: ['text'],
        properties: {
          text: { type: 'string', maxLength: 20, description: 'What to say.' },
          times: { type: 'integer', minimum: 1, maximum: 3, default: 1 },
          mood: { enum: ['calm', 'loud'] },
        },
      },
    })
    const keeper = tools.find(({ name }) => name === 'team__keeper')
    expect(Object.keys(keeper?.inputSchema.properties ?? {})).toEqual(['text'])
    await client.close()
  })

  it('runs a model, and has its output and its prediction', async () => {
    const client = await sandpit[connect]()
    const result = await client.callTool({
      name: 'team__echo',
      arguments: { text: 'hello', times: 2 },
    })
    expect(result.isError).toBeFalsy()
    const known = result.structuredContent as { id: string; prediction: string }
    expect(known).toMatchObject({ status: 'succeeded', output: 'hellohello' })
    expect(known.prediction).toBe(`${sandpit.url}/p/${known.id}`)
    expect(textOf(result)).toBe(`hellohello\nPrediction: ${known.prediction}`)
    expect(await sandpit.runner.find(known.id)).toMatchObject({ source: 'api' })
    await client.close()
  })

  it('tells what is wrong with arguments, and of a failure', async () => {
    const client = await sandpit[connect]()
    const wrong = await client.callTool({ name: 'team__echo', arguments: { times: 9 } })
    expect(wrong.isError).toBe(true)
    expect(textOf(wrong)).toContain('text is required')
    expect(textOf(wrong)).toContain('times: Must be less than or equal to 3')
    const failed = await client.callTool({ name: 'team__slow', arguments: { ms: 1, fail: true } })
    expect(failed.isError).toBe(true)
    expect(textOf(failed)).toContain('The cat is out of the bag.')
    await expect(client.callTool({ name: 'team__none', arguments: {} })).rejects.toThrow(
      'Unknown tool: team__none',
    )
    await client.close()
  })

  it('is told of progress', async () => {
    const seen: { progress: number; message?: string | undefined }[] = []
    const params = { name: 'team__slow', arguments: { ms: 1_600 } }
    const onprogress = (note: (typeof seen)[number]) => void seen.push(note)
    const result =
      connect === 'connectOld'
        ? await (await sandpit.connectOld()).callTool(params, undefined, { onprogress })
        : await (await sandpit[connect]()).callTool(params, { onprogress })
    expect(textOf(result)).toContain('done')
    expect(seen.some(({ message }) => message === 'Stirring')).toBe(true)
    const figures = seen.map(({ progress }) => progress)
    expect(figures).toEqual([...new Set(figures)].sort((a, b) => a - b))
  })
})

describe('a result', () => {
  it('has a picture to look at, and a link to its file that needs no token', async () => {
    const client = await sandpit.connect()
    const { tools } = await client.listTools()
    const name = tools.find(({ title }) => title === 'team/paint-2.5')?.name ?? ''
    const { content } = await client.callTool({ name, arguments: { prompt: 'sand' } })
    const link = content.find(({ type }) => type === 'resource_link')
    expect(link).toMatchObject({ name: 'picture.png', mimeType: 'image/png', size: 70 })
    const file = await fetch(link && 'uri' in link ? link.uri : '')
    expect(file.headers.get('Content-Type')).toBe('image/png')
    expect(content.find(({ type }) => type === 'image')).toMatchObject({
      data: expect.any(String),
      mimeType: expect.stringMatching(/^image\//),
    })
    expect(content[0]).toMatchObject({ text: expect.stringContaining('"seed":7') })
    const reference = link && 'uri' in link ? link.uri : ''
    const again = await client.callTool({ name, arguments: { prompt: 'more', reference } })
    const { id } = again.structuredContent as { id: string }
    expect((await sandpit.runner.find(id))?.input.reference).toMatch(/^sandpit:/)
    await client.close()
  })
})

describe('a run', () => {
  const slow = { name: 'team__slow', arguments: { ms: 600_000 } }

  it('is canceled when its client gives the call up', async () => {
    const client = await sandpit.connect()
    const leaving = new AbortController()
    const call = client.callTool(slow, { signal: leaving.signal })
    call.catch(() => {})
    const id = await runningId()
    leaving.abort()
    await eventually(async () => {
      expect((await sandpit.runner.find(id))?.status).toBe('canceled')
    })
    await client.close()
  })

  it.each(clients)('is canceled when the connection ends (%s)', async (connect) => {
    const client = await sandpit[connect]()
    client.callTool(slow).catch(() => {})
    const id = await runningId()
    await client.close()
    await eventually(async () => {
      expect((await sandpit.runner.find(id))?.status).toBe('canceled')
    })
  })

  it('goes on when a call has waited long enough', async () => {
    const client = await sandpit.connect()
    const impatient = await listen({ app: createMcp(sandpit.deps, getPath, 300) })
    const other = await sandpit.connect(token, new URL(`${impatient.url}/mcp`))
    const result = await other.callTool(slow)
    expect(result.isError).toBeFalsy()
    expect(textOf(result)).toContain('Call get_prediction with the id')
    const { id } = result.structuredContent as { id: string }
    expect(isSettled((await sandpit.runner.find(id)) ?? { status: 'failed' })).toBe(false)
    await client.callTool({ name: 'cancel_prediction', arguments: { id } })
    await Promise.all([client.close(), other.close(), impatient.close()])
  })

  it('can be asked for, and canceled, by its id', async () => {
    const client = await sandpit.connect()
    const call = (await sandpit.connect()).callTool({
      name: 'team__slow',
      arguments: { ms: 600_000 },
    })
    const id = await runningId()
    const running = await client.callTool({ name: 'get_prediction', arguments: { id, wait: 0 } })
    expect(running.isError).toBeFalsy()
    expect(textOf(running)).toContain('Still running: Stirring')
    const canceled = await client.callTool({ name: 'cancel_prediction', arguments: { id } })
    expect(textOf(canceled)).toContain('The run was canceled.')
    expect((await call).isError).toBe(true)
    const none = await client.callTool({ name: 'get_prediction', arguments: { id: 'nothing' } })
    expect(textOf(none)).toContain('There is no prediction "nothing" of yours.')
    const wrong = await client.callTool({ name: 'get_prediction', arguments: { id, wait: 99 } })
    expect(wrong.isError).toBe(true)
    await client.close()
  })
})

describe('a request', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${sandpit.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    })

  it('needs a token', async () => {
    const answer = await post('{}', { Authorization: 'Bearer wrong' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toContain('Bearer')
    await expect(sandpit.connect('wrong')).rejects.toThrow()
  })

  it('has few messages', async () => {
    const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' })
    const some = await post(JSON.stringify([ping(1), ping(2)]))
    expect(some.status).toBe(200)
    expect((await some.text()).match(/"id":\d/g)).toHaveLength(2)
    const many = await post(JSON.stringify(Array.from({ length: 21 }, (_, at) => ping(at))))
    expect(many.status).toBe(413)
  })

  it('is a message, sent by POST', async () => {
    const answer = await fetch(`${sandpit.url}/mcp`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST'])
    const broken = await post('{')
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32700 } })
  })
})

const getPath = ({ url }: Request) => new URL(url).pathname

/** The id of the one run that has not ended, once it reports its progress. */
async function runningId(): Promise<string> {
  let id = ''
  await eventually(async () => {
    const headers = { Authorization: `Bearer ${token}` }
    const { results } = await (await fetch(`${sandpit.url}/v1/predictions`, { headers })).json()
    const open = results.filter((one: { status: 'processing' }) => !isSettled(one))
    expect(open).toHaveLength(1)
    id = open[0].id
    expect((await sandpit.runner.find(id))?.progress?.label).toBe('Stirring')
  })
  return id
}
