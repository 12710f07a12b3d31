import { beginning } from '../../../domain/json/excerpt.ts'
import type { Json } from '../../../domain/json/json.ts'
import { offeredNames } from './names.ts'
import type { InputSpec, NodeClass } from './node-class.ts'
import { linkedNode, type Workflow, type WorkflowNode } from './workflow.ts'

/** The classes of a workflow's nodes, by name. */
export type NodeClasses = ReadonlyMap<string, NodeClass>

/** A literal of a workflow that may become an input of its model. */
export interface Literal {
  /** Unique in the workflow: `3.steps`. */
  readonly id: string
  readonly node: string
  readonly input: string
  readonly spec: InputSpec
  /** As the workflow has it. */
  readonly value: string | number | bigint | boolean
  /** Where it is, for the operator: `KSampler: steps`. */
  readonly place: string
  /** The name to offer for it. */
  readonly name: string
  /** Whether it becomes an input unless the operator says otherwise. */
  readonly isChosen: boolean
}

/** A node that keeps what it makes. */
export interface OutputNode {
  readonly id: string
  readonly place: string
  readonly isChosen: boolean
  /** Whether it makes a text, by its name: the server does not say. */
  readonly isText: boolean
}

/** The input that says under which name a node saves its files. */
export const outputPrefix = 'filename_prefix'

/** More than any form is read for. */
const mostLiterals = 250

/** The literals that can become inputs: those to be chosen first. */
export function literalsOf(workflow: Workflow, classes: NodeClasses): readonly Literal[] {
  const names = offeredNames(workflow, classes)
  const found: Literal[] = []
  for (const node of workflow)
    for (const [input, spec] of classes.get(node.classType)?.inputs ?? []) {
      const value = node.inputs[input]
      // Where files are written is not for users to say.
      if (!isLiteral(value) || input === outputPrefix) continue
      const id = `${node.id}.${input}`
      const { name, isChosen } = names.nameOf(node, input, spec)
      const place = `${placeOf(node, classes)}: ${input}`
      found.push({ id, node: node.id, input, spec, value, place, name, isChosen })
    }
  return found.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, mostLiterals)
}

/** Prompts first, then the other literals to be chosen, as written. */
function rankOf({ name, isChosen }: Literal): number {
  if (!isChosen) return 2
  return /prompt/i.test(name) ? 0 : 1
}

function isLiteral(value: Json | undefined): value is Literal['value'] {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}

/** The nodes that keep what they make: those that save are to be chosen before those that preview. */
export function outputsOf(workflow: Workflow, classes: NodeClasses): readonly OutputNode[] {
  const nodes = workflow.filter(({ classType }) => classes.get(classType)?.isOutput)
  const saves = nodes.filter(({ classType }) => /^save/i.test(classType))
  const chosen = saves.length > 0 ? saves : nodes
  return nodes.map((node) => ({
    id: node.id,
    place: placeOf(node, classes),
    isChosen: chosen.includes(node),
    isText: /text|string|any/i.test(node.classType),
  }))
}

const longestPlace = 60

function placeOf({ id, title, classType }: WorkflowNode, classes: NodeClasses): string {
  const name = title ?? (classes.get(classType)?.title || classType)
  return `${beginning(name, longestPlace)} (${id})`
}

/** The classes of a workflow that the server does not have. */
export function missingClasses(workflow: Workflow, classes: NodeClasses): readonly string[] {
  return [...new Set(workflow.map(({ classType }) => classType))].filter(
    (name) => !classes.has(name),
  )
}

/** The most nodes that are visited on the way from an input. */
const mostVisited = 50

/** The nodes that lead to an input of a node, the nearest first. Each is visited once. */
export function* leadingTo(
  byId: ReadonlyMap<string, WorkflowNode>,
  from: Json | undefined,
): Generator<WorkflowNode> {
  const waiting = [linkedNode(from)]
  const seen = new Set<string | null>()
  for (const id of waiting) {
    const node = id === null || seen.has(id) ? undefined : byId.get(id)
    if (!node) continue
    if (seen.size === mostVisited) return
    seen.add(id)
    yield node
    for (const value of Object.values(node.inputs)) waiting.push(linkedNode(value))
  }
}
