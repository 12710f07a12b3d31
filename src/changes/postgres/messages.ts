import { z } from 'zod'
import type { Change } from '../changes.ts'

/** Of a payload, in bytes: PostgreSQL takes 7,999. */
const mostBytes = 7_900

const changeSchema: z.ZodType<Change> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prediction'), id: z.string(), revision: z.number() }),
  z.object({ type: z.literal('altered'), id: z.string() }),
  z.object({ type: z.literal('queue'), model: z.string() }),
  z.object({ type: z.literal('end'), id: z.string() }),
  z.object({ type: z.literal('operators') }),
  z.object({ type: z.literal('person'), id: z.string().nullable() }),
  z.object({ type: z.literal('receiver'), receiver: z.string() }),
  z.object({ type: z.literal('instance requests') }),
  z.object({ type: z.literal('instance answers'), replica: z.string() }),
  z.object({ type: z.literal('instances'), model: z.string() }),
  z.object({ type: z.literal('callback'), id: z.string(), text: z.string() }),
])

const messageSchema = z.object({ from: z.string(), changes: z.array(z.unknown()) })

/** Changes by what they are of: of one thing, the last change says what all before it did. */
export type Pending = Map<string, Change>

/** Names the subject of a change: a later change with the same name replaces it. */
export function subjectOf(change: Change): string {
  if (change.type === 'prediction') return `prediction ${change.id}`
  return JSON.stringify(change)
}

/** Takes as many changes as one payload holds. Null when none is left; one that no payload can hold is dropped. */
export function takePayload(pending: Pending, from: string): string | null {
  const head = `{"from":${JSON.stringify(from)},"changes":[`
  const taken: string[] = []
  let bytes = head.length + 2
  for (const [subject, change] of pending) {
    const text = JSON.stringify(change)
    const size = Buffer.byteLength(text) + 1
    if (bytes + size > mostBytes && taken.length > 0) break
    pending.delete(subject)
    if (bytes + size > mostBytes) continue
    taken.push(text)
    bytes += size
  }
  return taken.length === 0 ? null : `${head}${taken.join(',')}]}`
}

/** The changes in a payload of another replica. Those that are not understood are left out: it may be newer. */
export function readPayload(payload: string, self: string): readonly Change[] {
  const read = messageSchema.safeParse(parsed(payload))
  if (!read.success || read.data.from === self) return []
  return read.data.changes.flatMap((one) => {
    const change = changeSchema.safeParse(one)
    return change.success ? [change.data] : []
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
