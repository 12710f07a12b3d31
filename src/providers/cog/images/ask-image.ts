import { usualInstances } from '../../../domain/instance/choices.ts'
import type { InstanceState } from '../../../domain/instance/state.ts'
import type { RegistryLogin } from '../../../domain/model/addresses/registry.ts'
import type { Engines, FoundImage } from '../../../engine/engines.ts'
import type { Readiness } from '../../../engine/instances/states.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { readJson } from '../../upstream/document.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { createAskings } from '../askings.ts'
import { conditionSentence, fetchHealth } from '../containers/health.ts'
import { cogVersionIn, type OpenApiDocument, readOpenApi } from '../containers/openapi-document.ts'

/** What an image says of its model, or why it says nothing, as a sentence. */
export type AskedImage = { readonly document: OpenApiDocument } | { readonly sentence: string }

export type ImageAskings = ReturnType<typeof createAskings<AskedImage, InstanceState>>

/** Newer versions of Cog leave the schema in the image, too. */
const schemaPath = '/src/.cog/openapi_schema.json'

/** The document in the files of an image that an engine has; null when it has none. Nothing is started. */
export async function documentInFiles(
  engines: Engines,
  engine: string,
  image: string,
): Promise<OpenApiDocument | null> {
  const file = await engines.fileOf(engine, image, schemaPath)
  const read = file && (await readJson(new TextDecoder().decode(file)))
  return read?.kind === 'read' ? readOpenApi(read.json) : null
}

export interface AskOptions {
  readonly engines: Engines
  readonly engine: string
  readonly image: FoundImage
  readonly login: RegistryLogin | null
  readonly client: UpstreamClient
}

/** Starts a container of an image once, and reads what its server says of the model. */
export async function askImage(
  { engines, engine, image, login, client }: AskOptions,
  signal: AbortSignal,
  told: (state: InstanceState) => void,
): Promise<AskedImage> {
  let document: OpenApiDocument | null = null
  const answer = await engines.ask(engine, login, {
    image: { id: image.id, name: image.name },
    bootLimitMs: usualInstances.bootMs,
    async look(origin) {
      const looked = await look(origin, client)
      document = looked.document
      return looked.readiness
    },
    told,
    signal,
  })
  if (answer.kind === 'answered' && document) return { document }
  if (answer.kind === 'answered') return { sentence: 'Its container did not say what it takes.' }
  const last = answer.logs.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
  const more = last === '' || answer.sentence.includes(last) ? '' : ` It last wrote: ${last}`
  return { sentence: `${answer.sentence}${more}` }
}

interface Looked {
  readonly readiness: Readiness
  readonly document: OpenApiDocument | null
}

async function look(origin: string, client: UpstreamClient): Promise<Looked> {
  const health = await fetchHealth(origin, client)
  const { condition, logs } = health
  if (condition === 'unreachable') return { readiness: { state: 'away' }, document: null }
  // While it sets its model up, it may not know all of its schema.
  if (condition === 'booting') return { readiness: { state: 'booting', logs }, document: null }
  const document = condition === 'not cog' ? null : await fetchDocument(origin, client)
  // Without a GPU, the set-up of some models fails. Their schemas are known all the same.
  if (document) return { readiness: { state: 'ready' }, document }
  const sentence =
    condition === 'not cog'
      ? 'What runs in its container is not Cog’s server.'
      : (conditionSentence(origin, health) ?? 'Its container does not send its schema.')
  return { readiness: { state: 'broken', sentence, logs }, document: null }
}

async function fetchDocument(
  origin: string,
  client: UpstreamClient,
): Promise<OpenApiDocument | null> {
  try {
    const { status, json } = await client.get(`${origin}/openapi.json`)
    if (status !== 200) return null
    return readOpenApi(json, cogVersionIn((await client.get(`${origin}/`)).json))
  } catch (error) {
    if (error instanceof RequestError) return null
    throw error
  }
}
