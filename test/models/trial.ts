import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { JsonObject } from '../../src/domain/json/json.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { root } from '../../src/root.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp } from '../support/test-app.ts'
import { createVisitor, type FormValues } from '../support/visitor.ts'

const settleMs = 60_000

/**
 * The app with its embedded models, and someone who tries them through their forms. A model that goes on when it is
 * canceled never ends.
 */
export async function openTrial() {
  const sandpit = await createTestApp({ localLimits: { cancelGraceMs: 600_000 } })
  const visitor = createVisitor(sandpit)

  /** Fills in the form and presses Run; answers with the id of the prediction. */
  async function start(model: string, inputs: FormValues): Promise<string> {
    const response = await visitor.run(`sandpit/${model}`, inputs)
    expect(response.status).toBe(303)
    return idIn(response)
  }

  async function settled(id: string): Promise<Prediction> {
    const prediction = await sandpit.runner.settledWithin(id, settleMs)
    if (!prediction) throw new Error('There is no such prediction')
    return prediction
  }

  return {
    sandpit,
    visitor,
    start,
    settled,
    run: async (model: string, inputs: FormValues) => settled(await start(model, inputs)),
    /** The first of the output's files, and its bytes. */
    async made({ output, files }: Prediction) {
      const file = files.find(({ ref }) => String(output).includes(ref))
      const content = file && (await sandpit.files.open(file.sha256))
      if (!content) throw new Error('It made no file')
      return { ...file, bytes: Buffer.from(await new Response(content).arrayBuffer()) }
    },
  }
}

export type Trial = Awaited<ReturnType<typeof openTrial>>

/** The first of a model's examples, as someone types it: files are uploads. */
export function exampleOf(model: string): FormValues {
  const [example = {}] = JSON.parse(readOwn(model, 'examples.json').toString()) as JsonObject[]
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [name, typed(model, value)]),
  )
}

function typed(model: string, value: unknown): string | File {
  const text = String(value)
  return text.startsWith('./') ? new File([readOwn(model, text)], text.slice(2)) : text
}

function readOwn(model: string, name: string) {
  return readFileSync(join(root, 'models', model, name))
}
