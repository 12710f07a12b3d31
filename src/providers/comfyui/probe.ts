import { isList, isObject, type JsonObject } from '../../domain/json/json.ts'
import { objectIn, textIn } from '../../domain/json/parts.ts'
import { nothingToNote } from '../../domain/model/model.ts'
import type { FoundModel, Probed, Where } from '../provider.ts'
import type { UpstreamClient, UpstreamResponse } from '../upstream/client.ts'
import { RequestError } from '../upstream/request-error.ts'
import { addressIn } from './address.ts'
import { describeModel } from './describe.ts'
import { authorization, wantsKey } from './servers/authorization.ts'
import { classesOf } from './servers/classes.ts'
import { unreachable } from './servers/server.ts'
import { sourceOf } from './source.ts'
import { choose } from './workflow/choose.ts'
import { plainName } from './workflow/names.ts'
import { literalsOf, missingClasses, type NodeClasses, outputsOf } from './workflow/offer.ts'
import { readWorkflow, type Workflow } from './workflow/workflow.ts'

export interface ProbeOptions {
  readonly client: UpstreamClient
  /** The key for a URL; null for none. */
  keyOf(url: string): string | null
  readonly now: number
}

/** Looks for a ComfyUI server, and for what the workflow that was uploaded needs of it. */
export async function probe(where: Where, options: ProbeOptions): Promise<Probed | null> {
  const url = addressIn(where.text)
  if (url === null) return null
  const { client } = options
  const key = where.key ?? options.keyOf(url)
  const headers = authorization(key)
  try {
    const stats = await client.get(`${url}/system_stats`, headers)
    if (stats.status === 401 && asksForKey(stats))
      return { kind: 'refused', sentence: wantsKey(url, key), asks: 'key' }
    const system = objectIn(objectIn(stats.json).system)
    if (stats.status !== 200 || !isComfy(objectIn(stats.json)))
      return { kind: 'other', sentence: `The server at ${url} is not ComfyUI.`, isAway: false }
    const version = textIn(system.comfyui_version)
    const title = version === '' ? 'ComfyUI' : `ComfyUI ${version.slice(0, 40)}`
    if (!where.document)
      return { kind: 'refused', sentence: wantsWorkflow(title), asks: 'document' }
    const read = readWorkflow(where.document)
    if (!read.ok) return { kind: 'refused', sentence: read.sentence, asks: 'document' }
    const classes = await classesOf(read.workflow, { url, headers, client })
    return found({ title, url, workflow: read.workflow, classes, where }, options)
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return { kind: 'other', sentence: unreachable(url, error), isAway: !error.sent }
  }
}

/** As proxies do: servers of models answer with JSON. */
function asksForKey({ headers, json }: UpstreamResponse): boolean {
  return json === undefined && headers['www-authenticate'] !== undefined
}

function isComfy({ system, devices }: JsonObject): boolean {
  return (
    isObject(system) &&
    isList(devices) &&
    ('comfyui_version' in system || 'embedded_python' in system)
  )
}

function wantsWorkflow(title: string): string {
  return `${title} is there. Upload the workflow that is to become a model, as its “Export (API)” writes it.`
}

interface Uploaded {
  readonly title: string
  readonly url: string
  readonly workflow: Workflow
  readonly classes: NodeClasses
  readonly where: Where
}

function found(uploaded: Uploaded, { now }: ProbeOptions): Probed {
  const { title, url, workflow, classes, where } = uploaded
  const missing = missingClasses(workflow, classes)
  if (missing.length > 0) return { kind: 'refused', sentence: lacks(missing), asks: 'document' }
  const nodes = outputsOf(workflow, classes)
  if (nodes.length === 0) return { kind: 'refused', sentence: noOutput, asks: 'document' }
  const { parts, choice } = choose(literalsOf(workflow, classes), nodes, where.parts ?? null)
  const source = { urls: [url], workflow, ...choice }
  const ref = {
    owner: 'comfyui',
    name: plainName(new URL(url).host).replaceAll('_', '-') || 'workflow',
  }
  const model: FoundModel = {
    id: 'workflow',
    model: describeModel(ref, source, now),
    can: '',
    isChosen: true,
    keepsName: null,
    source: sourceOf(source),
    versions: [],
    warmth: 'warm',
    health: nothingToNote,
    parts,
  }
  const facts = [`a workflow of ${workflow.length} nodes`]
  return {
    kind: 'found',
    upstream: { title, address: url, facts, takesKey: true, models: [model] },
  }
}

const noOutput =
  'This workflow saves nothing: it needs a node such as Save Image, which keeps what it makes.'

function lacks(classes: readonly string[]): string {
  const some = classes.slice(0, 5).map((name) => `“${name.slice(0, 80)}”`)
  const more = classes.length > some.length ? ` and ${classes.length - some.length} more` : ''
  return `This ComfyUI does not have the nodes ${some.join(', ')}${more} of the workflow. Install them there, or upload another workflow.`
}
