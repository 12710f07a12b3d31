import { writeDataUri } from '../../../domain/file/data-uri.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { ComfyLimits } from '../limits.ts'
import type { Workflow, WorkflowNode } from '../workflow/workflow.ts'
import type { Preview, PromptEvent } from './message.ts'

export interface ProgressOptions {
  readonly source: { readonly workflow: Workflow }
  readonly limits: Pick<ComfyLimits, 'previewMs'>
}

/** A larger preview is not shown, in bytes. */
const mostPreviewBytes = 96 * 1024

/** A preview of so many bytes may follow the one before after `previewMs`, one of twice as many after twice that. */
const usualPreviewBytes = 16 * 1024

/** Follows how far a prompt is. A node with steps counts for as many nodes as it has steps. */
export function createProgress({ source: { workflow }, limits }: ProgressOptions) {
  const weights = new Map(workflow.map((node) => [node.id, weightOf(node)]))
  const titles = new Map(workflow.map((node) => [node.id, node.title]))
  const done = new Map<string, number>()
  let total = sum(weights.values())
  let current: string | null = null
  let preview: string | null = null
  let nextPreviewAt = 0

  function fraction(): number {
    let finished = 0
    for (const [id, part] of done) finished += part * (weights.get(id) ?? 0)
    return total === 0 ? 0 : Math.min(1, finished / total)
  }

  return {
    /** Takes an event; returns the title of a node that is begun with it, and null otherwise. */
    take(event: PromptEvent): string | null {
      if (event.type === 'cached')
        for (const id of event.nodes) {
          total -= weights.get(id) ?? 0
          weights.set(id, 0)
        }
      if (event.type === 'progress')
        for (const [id, part] of event.nodes)
          if (weights.has(id)) done.set(id, Math.max(part, done.get(id) ?? 0))
      if (event.type !== 'node' || event.node === current) return null
      if (current !== null && weights.has(current)) done.set(current, 1)
      current = event.node
      return titles.get(current) ?? null
    },
    /** Takes a preview, unless one was taken a moment ago. `now` is in milliseconds. */
    show({ type, bytes }: Preview, now: number): void {
      const size = bytes.byteLength
      if (size > mostPreviewBytes || now < nextPreviewAt) return
      nextPreviewAt = now + limits.previewMs * Math.max(1, size / usualPreviewBytes)
      preview = writeDataUri(type, Buffer.from(bytes))
    },
    now(): Progress {
      const label = current === null ? null : (titles.get(current) ?? null)
      return {
        fraction: fraction(),
        ...(label !== null && { label }),
        ...(preview !== null && { preview }),
      }
    },
  }
}

const mostSteps = 1_000

function weightOf({ inputs: { steps } }: WorkflowNode): number {
  return typeof steps === 'number' ? Math.min(mostSteps, Math.max(1, steps)) : 1
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
