import { join } from 'node:path'
import { formatJson, type JsonObject, parseJson } from '../../../domain/json/json.ts'
import type { Run } from '../../provider.ts'
import type { CallResult, FromCopy } from '../protocol.ts'
import { copyFiles, storeFiles } from './run.ts'

type Call = Extract<FromCopy, { type: 'call' }>

/**
 * Runs another model for a model, and copies the files of its output to where the caller can read them.
 * Several calls may run at once. Never rejects: an error is a result.
 */
export async function runModelCall(call: Call, run: Run, folder: string): Promise<CallResult> {
  try {
    const files = await storeFiles(call.made, run)
    const input = parseJson(call.input) as JsonObject
    const called = await run.runModel({ model: call.model, input, files })
    if (!called.ok) return called
    const own = join(folder, `call-${call.call}`)
    const copied = await copyFiles(called.files, run, own)
    const whole = copied.find(({ file }) => file.ref === called.whole?.ref) ?? null
    return { ok: true, output: formatJson(called.output), files: copied, whole }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}
