import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { expect, it, onTestFinished } from 'vitest'
import { createGuard } from '../../src/outbound/guard.ts'
import { createCogProvider } from '../../src/providers/cog/cog.ts'
import { asking, fileBytes, hastyLimits, textOutput } from '../providers/support/cog-models.ts'
import type { CogModel } from '../providers/support/cog-run.ts'
import { startCogServer } from '../providers/support/cog-server.ts'
import { eventually } from '../support/eventually.ts'
import { idIn } from '../support/prediction-id.ts'
import { createReplicaApps } from '../support/replica-apps.ts'
import { newBucket, startS3 } from '../support/s3.ts'
import { createVisitor } from '../support/visitor.ts'

/** Two replicas, of which a container reaches the second alone. `asked`: what it asked for there. */
async function setUp(model: CogModel) {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-callbacks-'))
  const s3 = await startS3()
  const { bucket, endpoint } = newBucket(s3)
  const container = await startCogServer({ model })
  const asked: string[] = []
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end()
  const socket = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  socket.listen(0, '127.0.0.1')
  await once(socket, 'listening')
  let made = 0
  const apps = await createReplicaApps({
    environment: {
      SANDPIT_CALLBACK_URL: `http://127.0.0.1:${(socket.address() as AddressInfo).port}`,
      COG_MODELS: `test/model=${container.origin}`,
      S3_BUCKET: bucket,
      S3_ENDPOINT: String(endpoint),
    },
    providers: ({ cogModels: models }, records) => [
      createCogProvider({
        models,
        records,
        guard: createGuard({ allow: [] }),
        folder: join(folder, String(made++)),
        now: Date.now,
        limits: hastyLimits,
      }),
    ],
  })
  answer = getRequestListener(apps.second.app.fetch)
  onTestFinished(async () => {
    await apps.close()
    await container.close()
    socket.closeAllConnections()
    socket.close()
    await s3.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { ...apps, asked }
}

it('shows the progress that a container posts to another replica than that of its run', async () => {
  const finish = Promise.withResolvers<string>()
  const { first, second, asked } = await setUp({
    input: asking({ text: { type: 'string', title: 'Text' } }),
    output: textOutput,
    predict(_, { log }) {
      log('halfway\n')
      return finish.promise
    },
  })
  const id = idIn(await createVisitor(first).run('test/model', { text: 'a' }))
  for (const { runner } of [first, second])
    await eventually(async () => expect((await runner.find(id))?.logs).toContain('halfway'))
  expect(asked.some((one) => one.startsWith('POST /hooks/cog/'))).toBe(true)
  expect(await first.runner.find(id)).toMatchObject({ status: 'processing' })
  finish.resolve('done')
  const { runner } = second
  await eventually(async () => expect((await runner.find(id))?.output).toBe('done'))
})

it('sends a file of a run from another replica', async () => {
  const { first, asked } = await setUp({
    input: asking({ file: { type: 'string', format: 'uri', title: 'File' } }),
    output: textOutput,
    predict: async ({ file }) => String(await fileBytes(String(file))),
  })
  const content = 'a file that is fetched. '.repeat(1_000)
  const file = new File([content], 'in.txt')
  const id = idIn(await createVisitor(first).run('test/model', { file }))
  await eventually(async () => expect((await first.runner.find(id))?.output).toBe(content))
  const [fetched = ''] = asked.filter((one) => one.startsWith('GET /hooks/files/'))
  expect(fetched).toContain('in.txt')
  const other = fetched.replace('GET ', '').replace(/\.[^./]+\/in\.txt$/, '.forged/in.txt')
  expect((await first.app.request(other)).status).toBe(404)
})
