import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../src/root.ts'
import { writeModels } from '../../test/support/models.ts'
import { atMost, type Row } from '../row.ts'
import { askOnce } from '../support/connection.ts'
import { noop } from '../support/models.ts'
import { median } from '../support/numbers.ts'
import { sleep } from '../support/process.ts'

const starts = 5
const timeLimitMs = 30_000

export const startToAnswer: Row = {
  number: 9,
  title: `From the start of the process to its first answer, warm disk, of ${starts} starts`,
  async measure() {
    const models = writeModels(noop)
    const data = mkdtempSync(join(tmpdir(), 'sandpit-bench-'))
    try {
      const all: Start[] = []
      for (let start = 0; start <= starts; start++) {
        const timed = await startOnce(models, data)
        if (start > 0) all.push(timed)
      }
      const healthy = median(all.map((start) => start.healthy))
      const home = median(all.map((start) => start.home))
      return [
        { what: 'first 200 on /healthz', value: healthy, unit: 'ms', budget: atMost(500) },
        { what: 'first 200 on /, its models found', value: home, unit: 'ms', budget: atMost(500) },
      ]
    } finally {
      for (const folder of [models, data]) rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Start {
  readonly healthy: number
  readonly home: number
}

async function startOnce(models: string, data: string): Promise<Start> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      SANDPIT_DATA: data,
      SANDPIT_MODELS: models,
    },
    stdio: 'ignore',
  })
  try {
    await firstAnswer(port, '/healthz', started + timeLimitMs)
    const healthy = performance.now() - started
    await firstAnswer(port, '/', started + timeLimitMs)
    return { healthy, home: performance.now() - started }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

async function firstAnswer(port: number, path: string, deadline: number): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
  while (performance.now() < deadline) {
    const answer = await askOnce(port, request).catch(() => null)
    if (answer?.status === 200) return
    await sleep(2)
  }
  throw new Error(`No answer to ${path}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
