import { readFile } from 'node:fs/promises'
import { formatJson, type Json, parseJson } from '../../../domain/json/json.ts'
import { isLarge, mostOutputUnits } from '../../../domain/output/large-output.ts'
import type { CallResult, FromCopy } from '../protocol.ts'
import type { RunFiles } from './files.ts'

export type Calls = ReturnType<typeof createCalls>

/** Parsing a large text here, in the copy, does not hold up the server. */
async function outputOf({ output, whole }: Extract<CallResult, { ok: true }>): Promise<Json> {
  if (!whole) return parseJson(output)
  const text = await readFile(whole.path, 'utf8')
  return whole.file.name === 'output.txt' ? text : parseJson(text)
}

function inputTooLarge(model: string): string {
  return `The input for ${model} is too large: over ${mostOutputUnits >> 20} MB of JSON. Give a file instead, with ctx.file()`
}

/** The calls of other models during one run, each with its number. */
export function createCalls(files: RunFiles, send: (message: FromCopy) => void) {
  const waiting = new Map<number, PromiseWithResolvers<CallResult>>()
  let calls = 0

  return {
    /** Runs another model. Rejects with the other model's error. */
    async run(model: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
      const call = calls++
      const answered = Promise.withResolvers<CallResult>()
      const { value, made } = await files.send(input)
      if (value !== undefined && isLarge(value)) throw new Error(inputTooLarge(String(model)))
      waiting.set(call, answered)
      send({ type: 'call', call, model: String(model), input: formatJson(value ?? {}), made })
      const called = await answered.promise
      if (!called.ok) throw new Error(called.error)
      return files.receive(await outputOf(called), called.files)
    },
    answer(call: number, called: CallResult): void {
      waiting.get(call)?.resolve(called)
      waiting.delete(call)
    },
  }
}
