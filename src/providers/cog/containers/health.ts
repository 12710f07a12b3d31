import { z } from 'zod'
import { beginning } from '../../../domain/json/excerpt.ts'
import type { Warmth } from '../../../domain/model/model.ts'
import type { UpstreamClient, UpstreamResponse } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import { versionOrNull } from './openapi-document.ts'

/** The condition of a container; `not cog`: the server there does not answer as Cog does. */
export type ContainerCondition =
  | 'ready'
  | 'busy'
  | 'booting'
  | 'setup failed'
  | 'defunct'
  | 'unhealthy'
  | 'unreachable'
  | 'not cog'

export interface Health {
  readonly condition: ContainerCondition
  /** When its set-up started, as the container writes it, which identifies the start. Null when unknown. */
  readonly instance: string | null
  /** The same in milliseconds since 1970; null when unknown. */
  readonly startedAt: number | null
  /** The logs of its set-up. */
  readonly logs: string
  /** Why it is not well, as part of a sentence; null when unknown. */
  readonly reason: string | null
  /** Whether it is a coglet: the server of Cog from 0.17 on. */
  readonly coglet: boolean
  /** The version of Cog that it was built with; null when unknown, and for servers other than coglet. */
  readonly cogVersion: string | null
  /** Whether the connection was refused: nothing listens at its address. */
  readonly refused: boolean
}

const conditions: Readonly<Record<string, ContainerCondition>> = {
  UNKNOWN: 'booting',
  STARTING: 'booting',
  READY: 'ready',
  BUSY: 'busy',
  SETUP_FAILED: 'setup failed',
  DEFUNCT: 'defunct',
  UNHEALTHY: 'unhealthy',
}

const healthCheck = z.object({
  status: z.string(),
  setup: z
    .object({ started_at: z.string().nullish(), logs: z.string().nullish() })
    .nullish()
    .catch(null),
  user_healthcheck_error: z.string().nullish().catch(null),
  version: z
    .object({ coglet: z.string().nullish(), cog: z.string().nullish() })
    .nullish()
    .catch(null),
})

const unknown = {
  instance: null,
  startedAt: null,
  logs: '',
  reason: null,
  coglet: false,
  cogVersion: null,
  refused: false,
} as const

/** Fetches the health of a container. Never throws for what the container does. */
export async function fetchHealth(origin: string, client: UpstreamClient): Promise<Health> {
  try {
    return readHealth(await client.get(`${origin}/health-check`))
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const { message: reason, refused } = error
    return { ...unknown, condition: 'unreachable', reason, refused }
  }
}

function readHealth({ status, json }: UpstreamResponse): Health {
  if (gatewayStatuses.has(status))
    return { ...unknown, condition: 'unreachable', reason: `/health-check returned ${status}` }
  if (status !== 200) return notCog(`/health-check returned ${status}`)
  const read = healthCheck.safeParse(json)
  const condition = read.success ? conditions[read.data.status] : undefined
  if (!read.success || !condition) return notCog('its health check is not in Cog’s format')
  const { setup, version, user_healthcheck_error: reason } = read.data
  const started = setup?.started_at ?? null
  const at = started === null ? Number.NaN : Date.parse(started)
  return {
    condition,
    instance: started,
    startedAt: Number.isNaN(at) ? null : at,
    logs: setup?.logs ?? '',
    reason: reason ?? null,
    coglet: typeof version?.coglet === 'string',
    cogVersion: versionOrNull(version?.cog),
    refused: false,
  }
}

/** What a proxy answers while there is no container behind it. */
export const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504])

function notCog(reason: string): Health {
  return { ...unknown, condition: 'not cog', reason }
}

/** The warmth of a model whose container is in a condition. */
export const conditionWarmth: Readonly<Record<ContainerCondition, Warmth>> = {
  ready: 'warm',
  busy: 'busy',
  booting: 'booting',
  unreachable: 'cold',
  unhealthy: 'failed',
  'setup failed': 'failed',
  defunct: 'failed',
  'not cog': 'failed',
}

/** Why a container cannot run anything now, as a sentence; null when it can, or will. */
export function conditionSentence(
  origin: string,
  { condition, reason, logs }: Health,
): string | null {
  const why = reason === null ? '' : `: ${reason}`
  switch (condition) {
    case 'unreachable':
      return `The container at ${origin} cannot be reached${why}.`
    case 'unhealthy':
      return `The container at ${origin} reports that it is unhealthy${why}.`
    case 'setup failed': {
      const last = beginning(logs.trimEnd().split('\n').at(-1)?.trim() ?? '', 300)
      return `Setup of the model failed in its container${last ? `: ${last}` : '.'}`
    }
    case 'defunct':
      return `The container at ${origin} has failed and must be restarted.`
    case 'not cog':
      return `The server at ${origin} is not a Cog container${why}.`
    default:
      return null
  }
}
