import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import type { CogLimits } from '../../../src/providers/cog/limits.ts'
import type { CogContext, CogModel } from './cog-run.ts'

/** Waits that are short, for tests that wait for what comes after them. */
export const hastyLimits: Partial<CogLimits> = {
  healthEveryMs: 50,
  requestMs: 2_000,
  waitMs: 10,
  watchMs: 25,
  patienceMs: 300,
  goneMs: 300,
  cancelGraceMs: 500,
}

export const textOutput: JsonObject = { type: 'string', title: 'Output' }

/** An `Input` that asks for all of these. */
export function asking(properties: JsonObject): JsonObject {
  return { type: 'object', title: 'Input', required: Object.keys(properties), properties }
}

/** The content of a file input: from a `data:` URI or fetched from a URL. */
export async function fileBytes(uri: string): Promise<Buffer> {
  const data = uri.startsWith('data:') ? uri.indexOf(',') + 1 : 0
  if (data > 0) return Buffer.from(uri.slice(data), 'base64')
  const response = await fetch(uri)
  if (!response.ok) throw new Error(`${uri} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Says hello, as the first model of everybody does. */
export const hello: CogModel = {
  input: asking({ name: { type: 'string', title: 'Name', 'x-order': 0 } }),
  output: textOutput,
  predict: async ({ name }) => `hello ${name}`,
}

/** A model without inputs that does what the test says. */
export function doing(
  predict: (context: CogContext, input: JsonObject) => Promise<string>,
  output: JsonObject = textOutput,
): CogModel {
  return { input: asking({}), output, predict: (input, context) => predict(context, input) }
}

/** Logs `working`, and works until it is told to stop, or `finish` is called. */
export function worker() {
  const { promise, resolve } = Promise.withResolvers<string>()
  const model = doing(async ({ log, signal }) => {
    log('working\n')
    const stopped = wait(600_000, '', { signal, ref: false })
    return Promise.race([promise, stopped])
  })
  return { model, finish: (text = 'done') => resolve(text) }
}
