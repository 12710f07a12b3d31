import { type Model, nothingToNote } from '../../../domain/model/model.ts'
import { type ModelRef, parseModelRef } from '../../../domain/model-ref.ts'
import { foundOne } from '../../model-sources.ts'
import type { Probed } from '../../provider.ts'
import type { ReplicateClient } from '../client.ts'
import { readVersions } from '../responses.ts'
import { keepsName, replicateSource } from '../sources.ts'
import { isVersionId } from './describe.ts'

/** The hosts of Replicate's pages. */
export const pageHosts = ['replicate.com', 'www.replicate.com']

/** A model that a text names. */
export interface Named {
  readonly ref: ModelRef
  /** Null for the latest. */
  readonly version: string | null
}

/** Parses `owner/name`, `owner/name:VERSION`, or the URL of a model's page; null for any other text. */
export function nameIn(text: string, hosts: readonly string[]): Named | null {
  const trimmed = text.trim()
  const url = /^https?:/i.test(trimmed) ? URL.parse(trimmed) : pageWithoutScheme(trimmed, hosts)
  if (!url) return named(trimmed.split(':'))
  if (!hosts.includes(url.host)) return null
  const [, owner = '', name = '', page, version] = url.pathname.split('/')
  return named([`${owner}/${name}`, ...(page === 'versions' && version ? [version] : [])])
}

/** Parses `replicate.com/owner/name`, as browsers show URLs. */
function pageWithoutScheme(text: string, hosts: readonly string[]): URL | null {
  const url = URL.parse(`https://${text}`)
  return url && hosts.includes(url.host) && /^\/[^/]+\/[^/]+/.test(url.pathname) ? url : null
}

function named([name = '', version, ...rest]: readonly string[]): Named | null {
  const ref = parseModelRef(name)
  if (!ref || rest.length > 0 || (version !== undefined && !isVersionId(version))) return null
  return { ref, version: version ?? null }
}

export interface ProbeParts {
  readonly client: ReplicateClient
  /** The hosts of the service's pages. */
  readonly hosts: readonly string[]
  find(ref: ModelRef, version?: string): Promise<Model | null>
}

/** Looks for the model that a text names; null when it names none. */
export async function probeModel(
  text: string,
  { client, hosts, find }: ProbeParts,
): Promise<Probed | null> {
  const asked = nameIn(text, hosts)
  if (!asked) return null
  const { ref, version } = asked
  const name = `${ref.owner}/${ref.name}`
  const model = await find(ref, version ?? undefined)
  if (!model) return { kind: 'refused', sentence: `${client.service} has no model ${name}.` }
  if (model.broken !== null) return { kind: 'refused', sentence: model.broken }
  if (version !== null && model.version.id !== version)
    return { kind: 'refused', sentence: `${name} has no version ${version}.` }
  return foundOne(
    { title: `model at ${client.service}`, address: null },
    {
      model,
      keepsName,
      source: replicateSource(version),
      sourceOf: replicateSource,
      versions: await versionsOf(client, name),
      warmth: 'cold',
      health: nothingToNote,
    },
  )
}

/** The versions to choose from; none when they cannot be listed. */
async function versionsOf(client: ReplicateClient, name: string) {
  try {
    const { results } = readVersions(await client.get(`models/${name}/versions`))
    return results.map(({ id, created_at: created }) => ({
      id,
      createdAt: Date.parse(created) || 0,
    }))
  } catch {
    return []
  }
}
