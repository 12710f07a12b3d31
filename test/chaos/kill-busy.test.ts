import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startServer } from '../support/server.ts'

const kills = 15
const programs = 24

const models = writeModels({
  echo: `
    import { defineModel, z } from 'sandpit/model'
    export const echo = defineModel({
      name: 'test/echo',
      description: 'Gives back what it is given.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      copies: 2,
      run: ({ text }) => text,
    })`,
})

interface Answered {
  readonly id: string
  readonly status: string
  readonly text: string
}

/** Runs one prediction after another until the server is gone. */
async function ask(url: string, name: string, answered: Answered[]): Promise<void> {
  for (let number = 0; ; number++) {
    const text = `${name}.${number}`
    try {
      const response = await fetch(`${url}/v1/predictions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Prefer: 'wait=5' },
        body: JSON.stringify({ version: 'test/echo', input: { text } }),
      })
      const { id, status } = JSON.parse(await response.text())
      if (response.ok) answered.push({ id, status, text })
    } catch {
      return
    }
  }
}

function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

it(`loses nothing it answered when it is killed ${kills} times while much is written`, {
  timeout: 300_000,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-kill-'))
  const start = () =>
    startServer({ data, environment: { SANDPIT_MODELS: models, SANDPIT_RATE: 'off' } })
  const answered: Answered[] = []
  for (let kill = 0; kill < kills; kill++) {
    const server = await start()
    const asking = Array.from({ length: programs }, (_, at) =>
      ask(server.url, `${kill}.${at}`, answered),
    )
    const enough = answered.length + programs
    await eventually(() => expect(answered.length).toBeGreaterThan(enough))
    await moment(Math.random() * 600)
    await server.stop('SIGKILL')
    await Promise.all(asking)
  }

  const last = await start()
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  await eventually(async () => expect(await store.unsettled()).toEqual([]), 120_000)
  for (const { id, status, text } of answered) {
    const found = await store.find(id)
    expect(found?.input).toEqual({ text })
    expect(found?.status).toBe('succeeded')
    if (status === 'succeeded') expect(found?.output).toBe(text)
  }
  expect(faultsOf(join(data, 'sandpit.sqlite'))).toEqual(['ok'])
  await store.close()
  await last.stop()
})

/** What SQLite finds wrong with a database: `ok` when it is nothing. */
function faultsOf(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const found = database.prepare('pragma integrity_check').all()
  database.close()
  return found.map(({ integrity_check: fault }) => fault)
}
