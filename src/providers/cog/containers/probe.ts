import { replicateHost } from '../../../domain/address.ts'
import { containerOrigin } from '../../../domain/model/addresses/container-address.ts'
import { isPinnedImage } from '../../../domain/model/addresses/image-name.ts'
import { foundOne } from '../../model-sources.ts'
import type { Probed } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import { containerSource } from '../sources.ts'
import { describeModel } from './describe.ts'
import { conditionSentence, conditionWarmth, fetchHealth } from './health.ts'
import { readOpenApi } from './openapi-document.ts'

/** The origin that a text names, if it is an address that may be a container's. */
export function originIn(text: string): string | null {
  const origin = isPinnedImage(text) ? null : containerOrigin(text)
  return origin === null || replicateHost.test(new URL(origin).hostname) ? null : origin
}

export interface ProbeOptions {
  readonly client: UpstreamClient
  readonly now: number
  /** Whether what is there starts when it is asked, as the operator says. */
  readonly onDemand: boolean
}

/**
 * Describes the container at an origin that an operator gave, which may be a private one: requests only
 * `/health-check` and `/openapi.json`, follows no redirect, and never repeats what it read.
 */
export async function probe(
  origin: string,
  { client, now, onDemand }: ProbeOptions,
): Promise<Probed> {
  const health = await fetchHealth(origin, client)
  if (health.condition === 'unreachable') {
    const sentence = `The server at ${origin} cannot be reached: ${health.reason}.`
    return { kind: 'other', sentence, isAway: true, mayStart: true }
  }
  if (health.condition === 'not cog')
    return { kind: 'other', sentence: conditionSentence(origin, health) ?? '', isAway: false }
  const answer = await client.get(`${origin}/openapi.json`).catch((error) => {
    if (error instanceof RequestError) return null
    throw error
  })
  const document = answer?.status === 200 ? readOpenApi(answer.json) : null
  if (!document) {
    const note = conditionSentence(origin, health)
    const sentence = `The Cog container at ${origin} has not sent its schema yet. Try again when it has started.`
    return { kind: 'refused', sentence: note ?? sentence }
  }
  const ref = { owner: 'cog', name: nameFor(origin, document.title) }
  const model = describeModel({ ref, document, containers: [], createdAt: now })
  const { startedAt, logs, condition } = health
  const since = condition === 'booting' ? startedAt : null
  return foundOne(
    { title: 'Cog container', address: origin },
    {
      model,
      keepsName: null,
      source: containerSource([origin], onDemand),
      onDemand,
      versions: [],
      warmth: conditionWarmth[condition],
      health: {
        since,
        note: conditionSentence(origin, health),
        logs: condition === 'ready' ? '' : logs,
      },
    },
  )
}

/** The title of the model, or `gpu-2-5000` of `http://gpu-2:5000`. */
function nameFor(origin: string, title: string | null): string {
  return plainName(title ?? '') || plainName(new URL(origin).host) || 'model'
}

function plainName(text: string): string {
  const words =
    text
      .toLowerCase()
      .slice(0, 200)
      .match(/[a-z0-9]+(?:\.[a-z0-9]+)*/g) ?? []
  return words.join('-').slice(0, 60).replace(/[-.]$/, '')
}
