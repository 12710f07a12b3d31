import { beginning } from '../../../domain/json/excerpt.ts'
import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import type { WorkflowSource } from '../source.ts'

const mostErrors = 10
const longest = 300

/** Why a server refused a workflow, as sentences: users read the names of their inputs, not of nodes. */
export function refusalSentence(json: Json | undefined, source: WorkflowSource): string {
  const { error, node_errors: errors } = objectIn(json)
  const sentences = nodeErrors(errors).map(({ node, problem }) => sentenceOf(node, problem, source))
  if (sentences.length > 0) return [...new Set(sentences)].slice(0, mostErrors).join(' ')
  const message = textIn(objectIn(error).message)
  return message === ''
    ? 'The server refused the workflow and did not say why.'
    : `The server refused the workflow: ${ended(message)}`
}

/** Whether a server that accepted a workflow left some of its outputs out. */
export function hasDropped(json: Json | undefined): boolean {
  return nodeErrors(objectIn(json).node_errors).length > 0
}

function nodeErrors(errors: Json | undefined) {
  return Object.entries(objectIn(errors))
    .slice(0, mostErrors)
    .flatMap(([node, told]) =>
      listIn(objectIn(told).errors)
        .slice(0, mostErrors)
        .map((problem) => ({ node, problem: objectIn(problem) })),
    )
}

function sentenceOf(
  node: string,
  problem: JsonObject,
  { fields, workflow }: WorkflowSource,
): string {
  const input = textIn(objectIn(problem.extra_info).input_name)
  const field = fields.find((one) => one.node === node && one.input === input)
  if (field) return `${field.name}: ${ended(messageOf(problem))}`
  const title = workflow.find(({ id }) => id === node)?.title ?? `Node ${beginning(node, 40)}`
  return `${title}: ${ended(messageOf(problem))}`
}

function messageOf({ type, message, details, extra_info: extra }: JsonObject): string {
  if (type === 'value_not_in_list') return goneChoice(textIn(objectIn(extra).received_value))
  const told = textIn(message)
  const more = textIn(details)
  return more === '' || type !== 'custom_validation_failed' ? told : `${told}: ${more}`
}

function goneChoice(value: string): string {
  const choice = value === '' ? 'this choice' : `the choice “${beginning(value, 100)}”`
  return `The server does not have ${choice} any longer.`
}

function ended(text: string): string {
  const short = beginning(text.trim(), longest)
  return /[.!?]$/.test(short) ? short : `${short}.`
}
