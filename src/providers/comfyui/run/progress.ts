import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { Workflow, WorkflowNode } from '../workflow/workflow.ts'
import type { PromptEvent } from './message.ts'

/** Follows how far a prompt is. A node with steps counts for as many nodes as it has steps. */
export function createProgress(workflow: Workflow) {
  const weights = new Map(workflow.map((node) => [node.id, weightOf(node)]))
  const titles = new Map(workflow.map((node) => [node.id, node.title]))
  const done = new Map<string, number>()
  let total = sum(weights.values())
  let current: string | null = null

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
    now(): Progress {
      const label = current === null ? null : (titles.get(current) ?? null)
      return { fraction: fraction(), ...(label !== null && { label }) }
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
