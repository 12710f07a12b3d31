import { beginning } from '../../../domain/json/excerpt.ts'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { isLarge, mostOutputUnits } from '../../../domain/output/large-output.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { Batch, MadeFile, SpilledOutput } from '../protocol.ts'

/** The most log text of one batch, in UTF-16 units. */
const maxLogUnits = 1024 * 1024
const logsDropped = '\n… too much at once: the rest was not saved\n'

const itemTooLarge = `One item of the output is too large: over ${mostOutputUnits >> 20} MB of JSON. Give a file instead, with ctx.file()`

/** The output, logs and progress of a run since its last batch. */
export function createPendingBatch() {
  let items: string[] = []
  let made: MadeFile[] = []
  let whole: SpilledOutput | undefined
  let logs = ''
  let progress: Progress | undefined
  let units = 0

  function isSendable(): boolean {
    return items.length > 0 || logs !== '' || progress !== undefined
  }

  return {
    /** How much output and log text there is, in UTF-16 units. */
    units: () => units,
    /** Whether there is anything but a whole output, which is sent with the end of the run. */
    isSendable,
    /** Adds an item of the output. Throws when it is too large, or cannot be written as JSON. */
    addItem(item: Json, files: readonly MadeFile[]): void {
      if (item !== undefined && isLarge(item)) throw new Error(itemTooLarge)
      const text: string | undefined = formatJson(item)
      if (text === undefined)
        throw new Error('The model returned something that cannot be written as JSON')
      items.push(text)
      made.push(...files)
      units += text.length
    },
    /** Sets the whole output, which is in a file. */
    setWhole(output: SpilledOutput, files: readonly MadeFile[]): void {
      whole = output
      made.push(...files)
    },
    /** Adds log text; false when there is no room for any. */
    addLog(text: string): boolean {
      const room = maxLogUnits - logs.length
      if (room < 0) return false
      logs += text.length <= room ? text : beginning(text, room) + logsDropped
      units += text.length
      return true
    },
    setProgress(next: Progress): void {
      progress = next
    },
    /** Takes everything; null when there is nothing. */
    take(): Batch | null {
      if (!whole && !isSendable()) return null
      const chunks = items.length === 0 ? '' : `[${items.join(',')}]`
      const more = { ...(whole ? { whole } : {}), ...(progress ? { progress } : {}) }
      const batch = { type: 'batch', chunks, made, logs, ...more } as const
      items = []
      made = []
      whole = undefined
      logs = ''
      progress = undefined
      units = 0
      return batch
    },
  }
}
