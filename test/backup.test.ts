import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { root } from '../src/root.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { idIn } from './support/prediction-id.ts'
import { type Server, startServer } from './support/server.ts'
import { toFormData } from './support/visitor.ts'

const run = promisify(execFile)

let folder: string
let target: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-backup-'))
  target = join(folder, 'copy')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** `npm run backup`, once it is built. */
async function backUp(data: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, SANDPIT_DATA: data }
  const script = join(root, 'dist/src/backup.js')
  return (await run(process.execPath, [script, ...args], { env })).stdout
}

/** Runs a model through its form with a file, and answers the prediction's id. */
async function runWithFile({ url }: Server, text: string): Promise<string> {
  const page = await (await fetch(`${url}/sandpit/csv-explorer`)).text()
  const hidden = page.matchAll(/<input type="hidden" name="(model|version|key)" value="([^"]*)"/g)
  const values = Object.fromEntries([...hidden].map(([, name, value]) => [name, value ?? '']))
  const response = await fetch(`${url}/predictions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: url },
    body: toFormData({ ...values, 'input.file': new File([text], 'table.csv') }),
  })
  return idIn(response)
}

const contents = (data: string) =>
  readdirSync(join(data, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

it('copies a data folder while a server uses it, and the second time only new files', async () => {
  const server = await startServer({ data: join(folder, 'data') })
  const first = await runWithFile(server, 'a,b\n1,2\n')
  expect(await backUp(server.data, target)).toMatch(/and 1 new files/)
  const second = await runWithFile(server, 'c,d\n3,4\n')
  expect(await backUp(server.data, target)).toMatch(/and 1 new files/)
  await server.stop()

  const store = await openSqlite(join(target, 'sandpit.sqlite'))
  for (const id of [first, second]) expect(await store.find(id)).not.toBeNull()
  const [file] = (await store.find(first))?.files ?? []
  await store.close()
  expect(file?.name).toBe('table.csv')
  const sha256 = file?.sha256 ?? ''
  const path = join(target, 'files', sha256.slice(0, 2), sha256)
  expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n')
  expect(contents(target).sort()).toEqual(contents(server.data).sort())
  expect(readFileSync(join(target, 'key'))).toEqual(readFileSync(join(server.data, 'key')))

  const restored = await startServer({ data: target })
  expect((await fetch(`${restored.url}/p/${second}`)).status).toBe(200)
  await restored.stop()
})

it('says how it is used, and what is not there to be copied', async () => {
  await expect(backUp(folder)).rejects.toThrow(/Usage: npm run backup -- TARGET/)
  await expect(backUp(folder, target)).rejects.toThrow(/no Sandpit data in .*Set SANDPIT_DATA/s)
  expect(readdirSync(folder)).toEqual([])
})

it('says what to do instead where the data is in PostgreSQL', async () => {
  const script = join(root, 'dist/src/backup.js')
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: 'postgres://localhost/sandpit',
    SANDPIT_SECRET: 'a secret that all of them have',
  }
  await expect(run(process.execPath, [script, target], { env })).rejects.toThrow('pg_dump')
})
