import { createHash, randomInt } from 'node:crypto'
import type { Json, JsonObject } from '../../../domain/json/json.ts'
import type { Run } from '../../provider.ts'
import type { WorkflowSource } from '../source.ts'
import type { WorkflowField } from '../workflow/choose.ts'
import { outputPrefix } from '../workflow/offer.ts'
import type { Workflow, WorkflowNode } from '../workflow/workflow.ts'

/** Our own id of a run at the server: the form of a UUID, and the same for each server of ours that follows it. */
export function promptIdOf({ id, attempt }: Pick<Run, 'id' | 'attempt'>): string {
  const hex = createHash('sha256').update(`${id}-${attempt}`).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}

/** The workflow with the values of a run, and the seeds that were drawn for it. */
export interface FilledWorkflow {
  readonly workflow: Workflow
  readonly seeds: readonly number[]
}

/**
 * Puts the inputs of a run into its workflow. Only literals are put there, and only in place of the
 * literals that are inputs: never a link between nodes.
 */
export function fillWorkflow(
  { workflow, fields }: WorkflowSource,
  input: JsonObject,
  id: string,
): FilledWorkflow {
  const seeds: number[] = []
  const values = new Map<string, Map<string, Json>>()
  for (const field of fields) {
    const value = valueFor(field, input[field.name])
    if (value === null) continue
    if (field.isSeed && input[field.name] !== value) seeds.push(Number(value))
    const own = values.get(field.node) ?? new Map<string, Json>()
    values.set(field.node, own.set(field.input, value))
  }
  return { workflow: workflow.map((node) => filled(node, values.get(node.id), id)), seeds }
}

function filled(
  node: WorkflowNode,
  values: ReadonlyMap<string, Json> | undefined,
  id: string,
): WorkflowNode {
  const saves = typeof node.inputs[outputPrefix] === 'string'
  if (!values && !saves) return node
  const own = saves ? { [outputPrefix]: `sandpit/${id}/output` } : {}
  return { ...node, inputs: { ...node.inputs, ...Object.fromEntries(values ?? []), ...own } }
}

/** Null for what the workflow has. */
function valueFor(field: WorkflowField, value: Json | undefined): Json | null {
  if (value === undefined || value === null) return field.isSeed ? drawnFor(field) : null
  return typeof value === 'object' ? null : value
}

/** The largest range that Node draws from. */
const widest = 2 ** 48 - 1

function drawnFor({ schema: { minimum, maximum } }: WorkflowField): number {
  const least = typeof minimum === 'number' ? minimum : 0
  const most = typeof maximum === 'number' ? maximum : least + 2 ** 32
  return least + randomInt(0, Math.min(widest, most - least + 1))
}
