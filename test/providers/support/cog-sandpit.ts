import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { parseModelRef } from '../../../src/domain/model-ref.ts'
import { isSettled, type Prediction } from '../../../src/domain/prediction/prediction.ts'
import { createGuard } from '../../../src/outbound/guard.ts'
import { createCogProvider } from '../../../src/providers/cog/cog.ts'
import type { CogLimits } from '../../../src/providers/cog/limits.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'
import { hastyLimits } from './cog-models.ts'
import { type CogServer, type CogServerOptions, startCogServer } from './cog-server.ts'
import { eventually } from './eventually.ts'

export interface CogSandpitOptions {
  /** `COG_MODELS`: containers by the model they serve. */
  readonly models: Readonly<Record<string, readonly Pick<CogServer, 'origin'>[]>>
  /** Whether containers can reach us. */
  readonly reachable?: boolean
  readonly environment?: Readonly<Record<string, string>>
  readonly limits?: Partial<CogLimits>
  /** The data folder, when it is to outlive the application. */
  readonly data?: string
  /** Where it listens; any port when left out. */
  readonly port?: number
  readonly now?: () => number
}

/** A container that ends with the test. */
export async function cogServer(options: CogServerOptions): Promise<CogServer> {
  const server = await startCogServer(options)
  onTestFinished(server.close)
  return server
}

/** The application over containers, with a visitor who presses Run. It ends with the test. */
export async function cogSandpit(options: CogSandpitOptions) {
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end()
  const socket = createServer((request, response) => void answer(request, response))
  socket.listen(options.port ?? 0, '127.0.0.1')
  await once(socket, 'listening')
  const url = `http://127.0.0.1:${(socket.address() as AddressInfo).port}`
  const entries = Object.entries(options.models).flatMap(([name, servers]) =>
    servers.map(({ origin }) => `${name}=${origin}`),
  )
  const sandpit = await createTestApp({
    ...(options.data === undefined ? {} : { data: options.data }),
    ...(options.now ? { now: options.now } : {}),
    environment: {
      COG_MODELS: entries.join(','),
      ...(options.reachable ? { SANDPIT_CALLBACK_URL: url } : {}),
      ...options.environment,
    },
    providers: (config, records) => [
      createCogProvider({
        models: config.cogModels,
        records,
        guard: createGuard({ allow: config.outboundAllow }),
        folder: join(config.data, 'cog'),
        now: options.now ?? Date.now,
        limits: { ...hastyLimits, ...options.limits },
      }),
    ],
  })
  await sandpit.runner.recover()
  answer = getRequestListener(sandpit.app.fetch)
  let closed = false
  async function close(): Promise<void> {
    if (closed) return
    closed = true
    await sandpit.close()
    socket.closeAllConnections()
    socket.close()
  }
  onTestFinished(close)
  const visitor = createVisitor(sandpit)

  async function press(model: string, inputs: FormValues = {}): Promise<string> {
    const response = await visitor.run(model, inputs)
    const id = idIn(response)
    if (!id) throw new Error(`Not accepted: ${response.status} ${await response.text()}`)
    return id
  }

  async function until(
    id: string,
    holds: (prediction: Prediction) => boolean,
    ms = 10_000,
  ): Promise<Prediction> {
    let last: Prediction | null = null
    await eventually(async () => {
      last = await sandpit.runner.find(id)
      return last !== null && holds(last)
    }, ms).catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify(last)}`)
    })
    if (!last) throw new Error('It is gone')
    return last
  }

  const settled = (id: string, ms?: number) => until(id, isSettled, ms)
  return {
    ...sandpit,
    port: Number(new URL(url).port),
    visitor,
    press,
    until,
    settled,
    close,
    /** Sends a form as somebody on this machine does, who is its operator. */
    operate: (path: string, values: Readonly<Record<string, string>>) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Origin: url },
        body: new URLSearchParams(values),
      }),
    /** Presses Run and waits for the end. */
    run: async (model: string, inputs?: FormValues) => settled(await press(model, inputs)),
    async page(path: string): Promise<string> {
      return (await visitor.request(path)).text()
    },
    async model(name: string) {
      const ref = parseModelRef(name)
      const model = ref && (await sandpit.runner.findModel(ref))
      if (!model) throw new Error(`There is no ${name}`)
      return model
    },
  }
}
