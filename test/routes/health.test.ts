import { mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let data: string
let room: number
let sandpit: TestApp
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sandpit-health-'))
  room = 2 ** 30
  sandpit = await createTestApp({
    data,
    wrapFiles: (files) => ({ ...files, room: async () => room }),
  })
})
afterEach(async () => {
  await sandpit.close()
  rmSync(data, { recursive: true, force: true })
})

async function ready() {
  const response = await sandpit.app.request('/readyz')
  return { code: response.status, ...((await response.json()) as { status: string }) }
}

it('is ready while it can work', async () => {
  expect(await ready()).toEqual({ code: 200, status: 'ok' })
})

it('is not when the disk is full, and says so', async () => {
  room = 1_000
  expect(await ready()).toEqual({ code: 503, status: 'the disk of the server is full' })
  room = 2 ** 30
  expect(await ready()).toEqual({ code: 200, status: 'ok' })
})

it('is not when the database is damaged, and says so, though nobody reads what is damaged', async () => {
  const path = join(data, 'sandpit.sqlite')
  const other = new DatabaseSync(path)
  other.exec('pragma wal_checkpoint(truncate)')
  other.close()
  const file = openSync(path, 'r+')
  for (let at = 4096 * 2; at < statSync(path).size; at += 4096)
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, at)
  await eventually(async () => {
    const { code, status } = await ready()
    expect(code).toBe(503)
    expect(status).toContain('the database is damaged')
  })
  expect((await sandpit.app.request('/healthz')).status).toBe(200)
})
