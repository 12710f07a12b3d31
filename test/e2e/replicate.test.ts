import { mkdtempSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { eventually } from '../providers/support/eventually.ts'
import {
  type ReplicateServer,
  type ScriptedRun,
  startReplicate,
  token,
} from '../providers/support/replicate-server.ts'
import { idIn } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'
import { toFormData } from '../support/visitor.ts'

/** Runs end when the test says so. */
function work(run: ScriptedRun): Promise<void> {
  run.log('working\n')
  return run.work(600_000)
}

/** A server that is told to stop gives what runs ten seconds to end. */
const slow = { timeout: 60_000 }

let replicate: ReplicateServer
let line: Awaited<ReturnType<typeof startLine>>
let sandpit: Server
const data = mkdtempSync(join(tmpdir(), 'sandpit-replicate-'))

beforeAll(async () => {
  replicate = await startReplicate({ 'test/worker': { run: work } })
  line = await startLine(replicate.port)
  sandpit = await start()
})
afterAll(async () => {
  await sandpit?.stop('SIGKILL')
  await replicate?.close()
  line?.close()
})

function start(): Promise<Server> {
  const environment = { REPLICATE_API_TOKEN: token, REPLICATE_API_URL: `${line.origin}/v1` }
  return startServer({ data, environment })
}

it('follows on a run after it was killed, and after it was told to stop', slow, async () => {
  const one = await press()
  await eventually(async () => (await find(one)).logs === 'working\n')
  const two = await press()
  await eventually(async () => (await find(two)).logs === 'working\n')
  await sandpit.stop('SIGKILL')
  finish(replicate.runs()[0], 'one')
  sandpit = await start()
  expect(await settled(one)).toMatchObject({ status: 'succeeded', output: 'one', attempt: 1 })
  await sandpit.stop('SIGTERM')
  expect(replicate.runs()[1]?.state.status).toBe('processing')
  finish(replicate.runs()[1], 'two')
  sandpit = await start()
  expect(await settled(two)).toMatchObject({ status: 'succeeded', output: 'two', attempt: 1 })
  expect(replicate.asked('POST predictions')).toHaveLength(2)
})

it('does not run again what it had asked for when it was killed', async () => {
  const asked = replicate.asked('POST predictions').length
  replicate.hold(({ method, path }) =>
    method === 'POST' && path === 'predictions' ? new Promise(() => {}) : null,
  )
  const id = await press()
  await eventually(() => replicate.asked('POST predictions').length === asked + 1)
  await sandpit.stop('SIGKILL')
  replicate.hold(() => null)
  sandpit = await start()
  const { status, error } = await settled(id)
  expect(status).toBe('failed')
  expect(error).toMatch(/It may have run there/)
  expect(replicate.asked('POST predictions')).toHaveLength(asked + 1)
})

it('bears that the network is cut while it runs', async () => {
  const id = await press()
  await eventually(async () => (await find(id)).logs === 'working\n')
  line.cut()
  finish(replicate.runs().at(-1), 'in the dark')
  await eventually(() => line.refused() >= 3)
  expect(isSettled(await find(id))).toBe(false)
  line.mend()
  expect(await settled(id)).toMatchObject({ status: 'succeeded', output: 'in the dark' })
})

it('ends a run there that is canceled while it waits to be followed on', async () => {
  const id = await press()
  await eventually(async () => (await find(id)).logs === 'working\n')
  await sandpit.stop('SIGKILL')
  sandpit = await start()
  await fetch(`${sandpit.url}/p/${id}/cancellation`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: sandpit.url },
  })
  expect(await settled(id)).toMatchObject({ status: 'canceled' })
  await eventually(() => replicate.runs().at(-1)?.state.status === 'canceled')
})

function finish(run: ScriptedRun | undefined, output: string): void {
  run?.make(output)
  run?.end('succeeded')
}

async function press(): Promise<string> {
  const page = await (await fetch(`${sandpit.url}/test/worker`)).text()
  const hidden = page.matchAll(/<input type="hidden" name="(model|version|key)" value="([^"]*)"/g)
  const response = await fetch(`${sandpit.url}/predictions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: sandpit.url },
    body: toFormData(Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))),
  })
  const id = idIn(response)
  if (!id) throw new Error(`It was not taken: ${response.status}`)
  return id
}

/** As it is on disk, whoever is alive. */
async function find(id: string): Promise<Prediction> {
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  const found = await store.find(id)
  await store.close()
  if (!found) throw new Error(`${id} is lost`)
  return found
}

async function settled(id: string): Promise<Prediction> {
  await eventually(async () => isSettled(await find(id)))
  return find(id)
}

/** A line to a port that can be cut: then what comes in is closed at once. */
async function startLine(port: number) {
  const sockets = new Set<Socket>()
  let cut = false
  let refused = 0
  const server = createServer((socket) => {
    if (cut) {
      refused++
      socket.destroy()
      return
    }
    const there = connect(port, '127.0.0.1')
    for (const one of [socket, there]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => sockets.delete(one))
    }
    socket.pipe(there).pipe(socket)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut(): void {
      cut = true
      for (const socket of sockets) socket.destroy()
    },
    mend(): void {
      cut = false
    },
    refused: () => refused,
    close(): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
