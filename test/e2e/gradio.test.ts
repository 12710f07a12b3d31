import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startApp, text } from '../providers/gradio/support/app.ts'
import { eventually } from '../providers/support/eventually.ts'
import { type Server, startServer } from '../support/server.ts'

/** An app whose function works until the test says so, and a server over it that can be killed. */
async function setUp() {
  const finish = Promise.withResolvers<string>()
  const app = await startApp({
    write: {
      inputs: {},
      output: text,
      isGenerator: true,
      async run({ log, make, signal }) {
        log('working')
        make('half')
        const stopped = new Promise<string>((resolve) => {
          signal.addEventListener('abort', () => resolve(''), { once: true })
        })
        return Promise.race([finish.promise, stopped])
      },
    },
  })
  const data = mkdtempSync(join(tmpdir(), 'sandpit-gradio-kill-'))
  const environment = { GRADIO_MODELS: `team/writer=${app.url}#/write` }
  let server: Server | null = null
  onTestFinished(async () => {
    await server?.stop('SIGKILL')
    app.kill()
  })
  const api = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server?.url}/v1${path}`, init)
    return response.json()
  }

  return {
    app,
    finish: finish.resolve,
    async start() {
      server = await startServer({ data, environment })
    },
    kill: async () => void (await server?.stop('SIGKILL')),
    stop: async () => void (await server?.stop()),
    async create(): Promise<string> {
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ input: {} })
      const { id } = await api('/models/team/writer/predictions', { method: 'POST', headers, body })
      return id
    },
    find: (id: string) => api(`/predictions/${id}`),
  }
}

it.each(['kill', 'stop'] as const)(
  'runs again, once, what an app stopped when the server was gone: %s',
  async (ending) => {
    const { app, finish, find, create, start, ...rest } = await setUp()
    await start()
    const id = await create()
    await eventually(async () => (await find(id)).output === 'half')
    await rest[ending]()
    await eventually(() => app.working() === 0)

    await start()
    await eventually(() => app.working() === 1)
    finish('whole')
    await eventually(async () => (await find(id)).status === 'succeeded')
    const made = await find(id)
    expect(made.output).toBe('whole')
    expect(made.logs).toMatch(
      /^The server stopped during this run\. It was restarted.*\nworking\n$/,
    )
    expect(app.asked.filter((what) => what === 'POST /gradio_api/queue/join')).toHaveLength(2)
  },
)
