import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { worker } from '../providers/support/cog-models.ts'
import { startCogServer } from '../providers/support/cog-server.ts'
import { eventually } from '../providers/support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { idIn } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'
import { toFormData } from '../support/visitor.ts'

/** A container that works until the test says so, and servers over it that can be killed. */
async function setUp(reachable: boolean) {
  const { model, finish } = worker()
  const container = await startCogServer({ model })
  const data = mkdtempSync(join(tmpdir(), 'sandpit-cog-kill-'))
  const port = String(await freePort())
  const environment = {
    PORT: port,
    COG_MODELS: `team/worker=${container.origin}`,
    ...(reachable ? { SANDPIT_CALLBACK_URL: `http://127.0.0.1:${port}` } : {}),
  }
  let server: Server | null = null
  onTestFinished(async () => {
    await server?.stop('SIGKILL')
    await container.close()
  })

  /** As it is on disk, whoever is alive. */
  async function find(id: string): Promise<Prediction> {
    const store = await openSqlite(join(data, 'sandpit.sqlite'))
    const found = await store.find(id)
    await store.close()
    if (!found) throw new Error(`${id} is lost`)
    return found
  }

  return {
    container,
    finish,
    find,
    async start() {
      server = await startServer({ data, environment })
    },
    async kill() {
      await server?.stop('SIGKILL')
    },
    async press(): Promise<string> {
      const { url } = server as Server
      const page = await (await fetch(`${url}/team/worker`)).text()
      const hidden = page.matchAll(
        /<input type="hidden" name="(model|version|key)" value="([^"]*)"/g,
      )
      const response = await fetch(`${url}/predictions`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Origin: url },
        body: toFormData(Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))),
      })
      const id = idIn(response)
      if (!id) throw new Error(`It was not taken: ${response.status}`)
      await eventually(() => container.working() === 1)
      return id
    },
    async settled(id: string): Promise<Prediction> {
      await eventually(async () => isSettled(await find(id)))
      return find(id)
    },
  }
}

it('follows a run on when it was killed, where its container can reach it', async () => {
  const { container, finish, find, start, kill, press, settled } = await setUp(true)
  await start()
  const id = await press()
  await eventually(async () => (await find(id)).logs === 'working\n')
  await kill()
  await start()
  finish('after all')
  expect(await settled(id)).toMatchObject({
    status: 'succeeded',
    output: 'after all',
    logs: 'working\n',
    attempt: 1,
  })
  expect(container.starts()).toBe(1)
})

it('stops a run and runs it again, and says so, where nobody can tell how it ends', async () => {
  const { container, finish, start, kill, press, settled } = await setUp(false)
  await start()
  const id = await press()
  await kill()
  expect(container.working()).toBe(1)
  await start()
  await eventually(() => container.starts() === 2)
  finish('the second time')
  const made = await settled(id)
  expect(made).toMatchObject({ status: 'succeeded', output: 'the second time', attempt: 2 })
  expect(made.logs).toMatch(/^The server stopped during this run/)
  expect(container.starts()).toBe(2)
})

it('fails a run whose container was killed, once, whatever is started again after', async () => {
  const { container, finish, start, kill, press, settled } = await setUp(false)
  await start()
  const id = await press()
  await container.kill()
  const failed = await settled(id)
  expect(failed.error).toMatch(/stopped during this run/)
  await container.restart()
  await kill()
  await start()
  const next = await press()
  finish()
  expect(await settled(next)).toMatchObject({ status: 'succeeded' })
  expect(container.starts()).toBe(2)
})
