import { objectIn, textIn } from '../../../domain/json/parts.ts'
import { spaceIn } from '../../../domain/model/addresses/app-address.ts'
import { bearer, isHubToken } from './login.ts'
import type { LookOptions, NotServing } from './look.ts'

/** Hugging Face, where Spaces run. */
export interface Hub {
  /** Of its API: `https://huggingface.co`. */
  readonly url: string
  /** Whether a URL is one of a Space, which gets the token of its owner. */
  owns(url: string): boolean
}

export const huggingFace: Hub = {
  url: 'https://huggingface.co',
  owns(url) {
    const { protocol, hostname } = new URL(url)
    return protocol === 'https:' && hostname.endsWith('.hf.space')
  },
}

/**
 * The URL of the app at an address: of a Space that runs, or wakes up now, the one that Hugging Face names; else
 * the address itself. Rejects with `RequestError`.
 */
export async function spaceUrl(
  base: string,
  { key, client, hub }: LookOptions,
): Promise<string | NotServing> {
  const id = spaceIn(base)
  if (id === null) return base
  const token = key !== null && isHubToken(key) ? key : null
  const headers = bearer(token)
  const told = await client.get(`${hub.url}/api/spaces/${id}`, headers)
  if (told.status === 401 || told.status === 403 || told.status === 404)
    return { kind: 'closed', sentence: noSpace(id, token) }
  const runtime = objectIn(objectIn(told.json).runtime)
  const stage = textIn(runtime.stage)
  const problem = stageProblem(id, stage)
  if (problem) return problem
  const named = await client.get(`${hub.url}/api/spaces/${id}/host`, headers)
  const host = textIn(objectIn(named.json).host)
  if (!URL.canParse(host) || !hub.owns(host))
    return { kind: 'refused', sentence: `Hugging Face does not say where the Space ${id} runs.` }
  // A Space that sleeps is woken by the first request.
  if (isAsleep(stage)) await client.get(host, headers).catch(() => {})
  return isAsleep(stage)
    ? { kind: 'booting', sentence: `The Space ${id} was asleep, and starts now.` }
    : new URL(host).origin
}

function isAsleep(stage: string): boolean {
  return stage === 'SLEEPING' || stage === 'STOPPED'
}

const starting: ReadonlySet<string> = new Set(['BUILDING', 'APP_STARTING', 'RUNNING_APP_STARTING'])

function stageProblem(id: string, stage: string): NotServing | null {
  if (starting.has(stage)) return { kind: 'booting', sentence: `The Space ${id} is starting.` }
  if (stage === 'PAUSED')
    return { kind: 'refused', sentence: `The Space ${id} is paused. Its owner has to restart it.` }
  if (stage.endsWith('_ERROR'))
    return { kind: 'refused', sentence: `The Space ${id} failed to start: ${stage}.` }
  return null
}

function noSpace(id: string, token: string | null): string {
  return token === null
    ? `There is no public Space ${id}. For a private one, give a token of Hugging Face as the key.`
    : `There is no Space ${id} that this token may use.`
}
