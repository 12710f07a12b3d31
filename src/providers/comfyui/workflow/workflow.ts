import { beginning } from '../../../domain/json/excerpt.ts'
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'

/** A node of a workflow in the format of ComfyUI's API. */
export interface WorkflowNode {
  readonly id: string
  /** The name of its class at the server. Never shown to users. */
  readonly classType: string
  /** Given by the author of the workflow; null when there is none. */
  readonly title: string | null
  /** Literals, and links to outputs of other nodes. */
  readonly inputs: JsonObject
}

export type Workflow = readonly WorkflowNode[]

export type ReadWorkflow =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly sentence: string }

/** In UTF-16 units. */
const longestText = 2 ** 19
const mostNodes = 1_000
const longestId = 64
const longestClass = 200
const longestTitle = 100

/** Reads the file that ComfyUI's “Export (API)” writes. */
export function readWorkflow(text: string): ReadWorkflow {
  if (text.length > longestText) return refused('This workflow is larger than 512 KB.')
  let json: Json
  try {
    json = parseJson(text)
  } catch {
    return refused(`This file is not JSON. ${hint}`)
  }
  if (isObject(json) && isList(json.nodes))
    return refused(
      `This file is a workflow as ComfyUI’s editor saves it, which cannot be run. ${hint}`,
    )
  return readNodes(isObject(json) && isObject(json.prompt) ? json.prompt : json)
}

/** Reads the nodes of a workflow that was read before, or of one in a request. */
export function readNodes(json: Json | undefined): ReadWorkflow {
  const entries = isObject(json) ? Object.entries(json) : []
  if (entries.length === 0) return refused(`This file is not a workflow. ${hint}`)
  if (entries.length > mostNodes) return refused(`A workflow can have at most ${mostNodes} nodes.`)
  const workflow: WorkflowNode[] = []
  for (const [id, node] of entries) {
    const { class_type: classType, inputs, _meta: meta } = objectIn(node)
    const isClass = typeof classType === 'string' && classType.length <= longestClass
    if (!isClass || !isObject(inputs) || id.length > longestId || !/^[\w:.-]+$/.test(id))
      return refused(`“${beginning(id, 40)}” is not a node of a workflow. ${hint}`)
    const title = textIn(objectIn(meta).title).trim()
    workflow.push({ id, classType, title: beginning(title, longestTitle) || null, inputs })
  }
  return { ok: true, workflow }
}

const hint =
  'In ComfyUI, choose Workflow, then Export (API), and upload that file. Older versions have “Save (API format)” when the developer options are on.'

function refused(sentence: string): ReadWorkflow {
  return { ok: false, sentence }
}

/** The node whose output a value of an input stands for; null for a literal. */
export function linkedNode(value: Json | undefined): string | null {
  if (!isList(value) || value.length !== 2) return null
  const [id, slot] = value
  const isLink = (typeof id === 'string' || typeof id === 'number') && typeof slot === 'number'
  return isLink ? String(id) : null
}

/** A workflow as the server takes it, and as it is kept. */
export function workflowJson(workflow: Workflow): JsonObject {
  return Object.fromEntries(
    workflow.map(({ id, classType, title, inputs }) => [
      id,
      { class_type: classType, inputs, ...(title === null ? {} : { _meta: { title } }) },
    ]),
  )
}
