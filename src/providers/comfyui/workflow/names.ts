import type { InputSpec } from './node-class.ts'
import { leadingTo, type NodeClasses } from './offer.ts'
import type { Workflow, WorkflowNode } from './workflow.ts'

/** Inputs of the nodes that most workflows have, with the names to offer for them. */
const known: Readonly<Record<string, string>> = {
  seed: 'seed',
  noise_seed: 'seed',
  steps: 'steps',
  cfg: 'cfg',
  guidance: 'guidance',
  sampler_name: 'sampler',
  scheduler: 'scheduler',
  denoise: 'denoise',
  width: 'width',
  height: 'height',
  batch_size: 'batch_size',
}

const samplers = /sampler|noise|guidance|scheduler/i
const latents = /^empty.*latent/i

/** Decides which literals are offered as inputs, and under which names: each name is offered once. */
export function offeredNames(workflow: Workflow, classes: NodeClasses) {
  const prompts = promptsOf(workflow, classes)
  const taken = new Set<string>()

  function unique(name: string): string {
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name}_${number}`
    taken.add(free)
    return free
  }

  function wanted(node: WorkflowNode, input: string, spec: InputSpec): string | null {
    const given = /^input:(.*)$/i.exec(node.title ?? '')?.[1]
    if (given !== undefined) return plainName(given) || plainName(input)
    if (spec.kind === 'file') return plainName(input)
    if (spec.isLong && spec.kind === 'string') return prompts.get(node.id) ?? null
    const isKnown = samplers.test(node.classType) || latents.test(node.classType)
    return spec.isSeed ? 'seed' : isKnown ? (known[input] ?? null) : null
  }

  return {
    nameOf(node: WorkflowNode, input: string, spec: InputSpec) {
      const name = wanted(node, input, spec)
      return { name: unique(name ?? (plainName(input) || 'input')), isChosen: name !== null }
    },
  }
}

/** The most nodes whose conditions are traced. */
const mostSamplers = 20

/** The nodes with the texts that lead to the conditions of a sampler, by what they are to be called. */
function promptsOf(workflow: Workflow, classes: NodeClasses): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const roles = [
    ['positive', 'prompt'],
    ['conditioning', 'prompt'],
    ['negative', 'negative_prompt'],
  ] as const
  const byId = new Map(workflow.map((node) => [node.id, node]))
  for (const [role, name] of roles)
    for (const { inputs } of workflow.filter((node) => role in node.inputs).slice(0, mostSamplers))
      for (const node of leadingTo(byId, inputs[role]))
        if (!names.has(node.id) && hasText(node, classes)) {
          names.set(node.id, name)
          break
        }
  if (names.size === 0)
    for (const node of workflow) if (hasText(node, classes)) names.set(node.id, 'prompt')
  return names
}

function hasText(node: WorkflowNode, classes: NodeClasses): boolean {
  for (const [input, spec] of classes.get(node.classType)?.inputs ?? [])
    if (spec.isLong && typeof node.inputs[input] === 'string') return true
  return false
}

const longestName = 40

/** A text as the name of an input: `Aspect ratio` is `aspect_ratio`. */
export function plainName(text: string): string {
  const words =
    text
      .slice(0, 200)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  const name = words.join('_').slice(0, longestName).replace(/_$/, '')
  return /^[a-z]/.test(name) ? name : ''
}
