import { join } from 'node:path'
import { createEngines } from '../../../src/engine/engines.ts'
import { createGuard } from '../../../src/outbound/guard.ts'
import { createCogProvider } from '../../../src/providers/cog/cog.ts'
import { jsonOf } from '../../../src/providers/parse-response.ts'
import type { CogModel } from '../../providers/support/cog-run.ts'
import { namedPerson } from '../named-person.ts'
import { createTestApp } from '../test-app.ts'
import type { ScriptedImage } from './scripted-container.ts'
import {
  type ScriptedEngine,
  type ScriptedEngineOptions,
  startScriptedEngine,
} from './scripted-engine.ts'

/** An image of a model that greets, with the labels that Cog writes. `digit` makes its id. */
export function greetingImage(
  digit: string,
  more: Partial<ScriptedImage> & { readonly gpu?: boolean } = {},
): ScriptedImage {
  const model = greets(`Hello ${digit}`)
  const schemas = { Input: model.input, Output: model.output }
  const config = { build: { gpu: more.gpu ?? false, cuda: '12.4' }, predict: 'predict.py:P' }
  return {
    name: `localhost/team/greets:${digit}`,
    id: `sha256:${digit.repeat(64)}`,
    labels: {
      'run.cog.version': '0.16.8',
      'run.cog.config': JSON.stringify(config),
      'run.cog.openapi_schema': JSON.stringify({
        openapi: '3.0.2',
        info: { title: 'Cog', version: '0.1.0' },
        paths: {},
        components: { schemas },
      }),
    },
    model,
    ...more,
  }
}

function greets(greeting: string): CogModel {
  return {
    input: {
      type: 'object',
      title: 'Input',
      required: ['name'],
      properties: { name: { type: 'string', title: 'Name', 'x-order': 0 } },
    },
    output: { type: 'string', title: 'Output' },
    predict: async ({ name }) => `${greeting}, ${name}`,
  }
}

export type ImageApp = Awaited<ReturnType<typeof startImageApp>>

/** The application with a scripted engine; `olga` is its operator. */
export async function startImageApp(
  options: ScriptedEngineOptions,
  environment: Readonly<Record<string, string>> = {},
) {
  const engine = await startScriptedEngine(options)
  const sandpit = await openImageApp(engine, environment)
  return {
    ...sandpit,
    async close(): Promise<void> {
      await sandpit.close()
      await engine.close()
    },
  }
}

/** The same over an engine that is there. With a folder for its data, its containers run on for the next one. */
export async function openImageApp(
  engine: ScriptedEngine,
  environment: Readonly<Record<string, string>> = {},
  data?: string,
) {
  let passed = 0
  const now = () => Date.now() + passed
  const engines = createEngines({
    addresses: [engine.address],
    gpusOf: () => [],
    sharedNetwork: null,
    share: null,
    imagesMax: null,
    loginFor: () => null,
    getElsewhere: createGuard({ allow: [] }).get,
    readJson: async (bytes) => jsonOf(bytes),
    server: 'test',
    keep: data !== undefined,
    now,
    newId: () => crypto.randomUUID(),
    log: { error() {} },
    limits: { lookEveryMs: 10, stepEveryMs: 20 },
  })
  const sandpit = await createTestApp({
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga', ...environment },
    ...(data === undefined ? {} : { data }),
    providers: (config, records, _keys, { deployments }) => [
      createCogProvider({
        models: [],
        records,
        deployments,
        hardware: config.hardware,
        folder: join(config.data, 'cog'),
        guard: createGuard({ allow: [] }),
        engines,
        now: Date.now,
      }),
    ],
  })
  const olga = namedPerson(sandpit, 'olga')
  return {
    ...sandpit,
    engine,
    olga,
    /** Lets time pass for containers. */
    pass(ms: number): void {
      passed += ms
    },
    /** Adds an image to the model `name`, as an operator does on `/models/new`. */
    async add(image: ScriptedImage, name = 'team/greets'): Promise<void> {
      const answer = await olga.post('/models', { where: image.name, name })
      if (answer.status !== 303) throw new Error(await answer.text())
    },
  }
}
