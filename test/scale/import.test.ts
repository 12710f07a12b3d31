import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { importAll } from '../../src/import/import.ts'
import { openPostgresSide, openSqliteSide } from '../../src/import/sides.ts'
import { root } from '../../src/root.ts'
import { createDatabase } from '../support/postgres.ts'
import { idIn } from '../support/prediction-id.ts'
import { newBucket, startS3 } from '../support/s3.ts'
import { testSecret } from '../support/secret.ts'
import { createTestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const predictions = 250
const newFolder = () => mkdtempSync(join(tmpdir(), 'sandpit-import-'))
const newUrl = async () => `${inject('postgres')}/${await createDatabase(inject('postgres'))}`

let s3: FauxqsServer
let data: string
let withFile: string
beforeAll(async () => {
  s3 = await startS3()
  data = newFolder()
  const sandpit = await createTestApp({ data })
  const visitor = createVisitor(sandpit)
  for (let at = 0; at < predictions; at++)
    await visitor.run('sandpit/hello-world', { text: `somebody${at}` })
  const upload = new File(['a,b\n1,2\n'], 'table.csv')
  withFile = idIn(await visitor.run('sandpit/csv-explorer', { file: upload }))
  await sandpit.runner.settledWithin(withFile, 60_000)
  await sandpit.close()
})
afterAll(() => s3.stop())

/** The environment of a server on a database and a bucket. */
function environmentOf(database: string, bucket = newBucket(s3)) {
  return {
    DATABASE_URL: database,
    SANDPIT_SECRET: testSecret,
    S3_BUCKET: bucket.bucket,
    S3_ENDPOINT: String(bucket.endpoint),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
}

/** Runs the program as an operator does. */
async function run(folder: string, environment: Record<string, string>, ...more: string[]) {
  const child = spawn(process.execPath, ['dist/src/import.js', ...more], {
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), SANDPIT_DATA: folder, ...environment },
  })
  const [said, failed, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { said, failed, code }
}

/** What a server shows of the imported predictions. */
async function shown(sandpit: Awaited<ReturnType<typeof createTestApp>>) {
  const found = await sandpit.runner.find(withFile)
  const [file] = found?.files ?? []
  const search = await sandpit.app.request('/predictions?q=somebody17')
  const bytes = file && (await sandpit.app.request(`/files/${file.ref}/${file.name}`))
  return {
    found,
    listed: (await search.text()).includes('somebody17'),
    bytes: await bytes?.text(),
  }
}

it('moves a folder into PostgreSQL and S3, and back', { timeout: 120_000 }, async () => {
  const environment = environmentOf(await newUrl())
  const moved = await run(data, environment)
  expect(moved).toMatchObject({ code: 0, failed: '' })
  expect(moved.said).toContain(`predictions: ${predictions + 1} rows`)
  const before = await createTestApp({ data })
  const there = await createTestApp({ environment, data: newFolder() })
  const expected = await shown(before)
  expect(expected).toMatchObject({ listed: true, bytes: 'a,b\n1,2\n' })
  expect(await shown(there)).toEqual(expected)
  const next = await createVisitor(there).run('sandpit/hello-world', { text: 'One more' })
  expect(await there.runner.settledWithin(idIn(next), 60_000)).toMatchObject({
    status: 'succeeded',
  })
  expect((await run(data, environment)).failed).toContain('is in use')
  await before.close()
  await there.close()

  expect((await run(data, environment)).failed).toContain('is not empty')
  const folder = newFolder()
  expect(await run(folder, environment, '--back')).toMatchObject({ code: 0, failed: '' })
  const back = await createTestApp({ data: folder })
  const returned = await shown(back)
  expect(returned).toMatchObject({ found: expected.found, listed: true, bytes: expected.bytes })
  await back.close()
})

it('goes on where it was interrupted', async () => {
  const url = await newUrl()
  const from = await openSqliteSide(join(data, 'sandpit.sqlite'))
  const to = await openPostgresSide(url)
  const said: string[] = []
  const begin = (say: (line: string) => void) =>
    importAll({ from, to, files: null, source: data, say })
  const interrupted = begin((line) => {
    if (line.startsWith('predictions')) throw new Error('interrupted')
  })
  await expect(interrupted).rejects.toThrow('interrupted')
  await begin((line) => said.push(line))
  expect(said[0]).toContain('Going on')
  expect(said).toContain(`predictions: ${predictions + 1} rows`)
  await expect(begin(() => {})).rejects.toThrow('is not empty')
  await Promise.all([from.destroy(), to.destroy()])
})

it('leaves a database alone that a server uses', async () => {
  const url = await newUrl()
  const server = await createTestApp({ environment: { DATABASE_URL: url } })
  await expect(openPostgresSide(url)).rejects.toThrow('is in use')
  await server.close()
})
