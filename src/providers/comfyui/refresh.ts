import type { ModelSource } from '../../domain/model/record.ts'
import type { RefreshedSource } from '../model-sources.ts'
import type { UpstreamClient } from '../upstream/client.ts'
import { RequestError } from '../upstream/request-error.ts'
import { authorization } from './servers/authorization.ts'
import { classesOf } from './servers/classes.ts'
import { unreachable } from './servers/server.ts'
import { readSource, sourceOf } from './source.ts'
import { withChoices } from './workflow/choose.ts'

export interface RefreshOptions {
  readonly client: UpstreamClient
  /** The key for a URL; null for none. */
  keyOf(url: string): string | null
}

/** Reads the choices of a workflow's inputs again, at the first of its servers. */
export async function refreshChoices(
  kept: ModelSource,
  { client, keyOf }: RefreshOptions,
): Promise<RefreshedSource> {
  const source = readSource(kept)
  const [url] = source?.urls ?? []
  if (!source || url === undefined) return { ok: false, sentence: 'This workflow has no server.' }
  const used = new Set(source.fields.map(({ node }) => node))
  const nodes = source.workflow.filter(({ id }) => used.has(id))
  try {
    const classes = await classesOf(nodes, { url, client, headers: authorization(keyOf(url)) })
    if (classes.size === 0 && nodes.length > 0)
      return { ok: false, sentence: `The server at ${url} has no node of this workflow.` }
    const classOf = new Map(nodes.map(({ id, classType }) => [id, classes.get(classType)]))
    const fields = source.fields.map((field) =>
      withChoices(field, classOf.get(field.node)?.inputs.get(field.input)),
    )
    return { ok: true, source: sourceOf({ ...source, fields }) }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return { ok: false, sentence: unreachable(url, error) }
  }
}
