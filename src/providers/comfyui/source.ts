import { isList, isObject, type Json, type JsonObject } from '../../domain/json/json.ts'
import { textIn } from '../../domain/json/parts.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import type { Choice, WorkflowField } from './workflow/choose.ts'
import { readNodes, type Workflow, workflowJson } from './workflow/workflow.ts'

/** The workflow of a model, and the servers that run it. */
export interface WorkflowSource extends Choice {
  /** Addresses without a slash at the end: `http://gpu-1:8188`. */
  readonly urls: readonly string[]
  readonly workflow: Workflow
}

export function sourceOf({ urls, workflow, fields, outputs }: WorkflowSource): ModelSource {
  return {
    provider: 'comfyui',
    urls: [...new Set(urls)],
    workflow: workflowJson(workflow),
    fields: fields.map((field) => ({ ...field })),
    outputs: outputs.map((output) => ({ ...output })),
  }
}

/** Null for another provider's source. */
export function readSource(source: ModelSource | null): WorkflowSource | null {
  if (source?.provider !== 'comfyui') return null
  const read = readNodes(source.workflow)
  if (!read.ok) return null
  return {
    urls: textsIn(source.urls),
    workflow: read.workflow,
    fields: isList(source.fields) ? source.fields.flatMap(readField) : [],
    outputs: isList(source.outputs) ? source.outputs.flatMap(readOutput) : [],
  }
}

/** What makes one model another than the next: everything but where it runs. */
export function contentOf(source: ModelSource | null): JsonObject {
  const { urls: _urls, ...content } = source ?? { urls: [] }
  return content
}

function textsIn(json: Json | undefined): readonly string[] {
  return isList(json) ? json.filter((one) => typeof one === 'string') : []
}

function readOutput(json: Json): WorkflowSource['outputs'] {
  return isObject(json) ? [{ node: textIn(json.node), isText: json.isText === true }] : []
}

function readField(json: Json): readonly WorkflowField[] {
  if (!isObject(json) || !isObject(json.schema)) return []
  const { name, node, input, isSeed, schema, isRequired } = json
  return [
    {
      name: textIn(name),
      node: textIn(node),
      input: textIn(input),
      isSeed: isSeed === true,
      schema,
      isRequired: isRequired === true,
    },
  ]
}
