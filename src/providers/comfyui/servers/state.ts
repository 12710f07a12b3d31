import { type ModelHealth, nothingToNote, type Warmth } from '../../../domain/model/model.ts'
import type { ProviderState, Upstream } from '../../provider.ts'
import { answeringState, readiest } from '../../upstream/state.ts'
import type { ServedModel } from './fleet.ts'
import type { Server, ServerHealth } from './server.ts'

const warmths: Readonly<Record<ServerHealth['kind'], Warmth>> = {
  idle: 'warm',
  busy: 'busy',
  unreachable: 'cold',
  other: 'failed',
}

export function warmthOf(servers: readonly Server[]): Warmth {
  return readiest(servers.map(serverWarmth), (warmth) => warmth) ?? 'cold'
}

function serverWarmth(server: Server): Warmth {
  const health = server.health()
  return health ? warmths[health.kind] : 'cold'
}

/** Why a server gets no runs, as a sentence; null when it does. */
function problemOf(server: Server): string | null {
  const health = server.health()
  return health && 'sentence' in health ? health.sentence : null
}

export function healthOf(servers: readonly Server[]): ModelHealth {
  const named = servers.map((server) => ({
    name: server.url,
    warmth: serverWarmth(server),
    note: problemOf(server),
  }))
  const instances = servers.length > 1 ? { instances: named } : {}
  const works = named.some(({ note }) => note === null)
  return { ...nothingToNote, note: works ? null : (named[0]?.note ?? null), ...instances }
}

export function fleetState(models: readonly ServedModel[]): ProviderState {
  const servers = [...new Set(models.flatMap((model) => model.servers))]
  if (servers.length === 0)
    return { kind: 'off', sentence: 'No workflows yet. Add one with the URL of a ComfyUI server.' }
  return answeringState(servers.map(serverState), 'server')
}

function serverState(server: Server): ProviderState {
  const problem = problemOf(server)
  if (problem !== null) return { kind: 'trouble', sentence: problem }
  const isBusy = server.health()?.kind === 'busy'
  return { kind: 'works', sentence: isBusy ? 'It works on a prompt.' : 'It is ready.' }
}

/** The servers of all models, each with the models that run at it. */
export function upstreamsOf(models: readonly ServedModel[]): readonly Upstream[] {
  const servers = [...new Set(models.flatMap((model) => model.servers))]
  return servers.map((server) => {
    const own = models.filter((model) => model.servers.includes(server))
    return {
      ...serverState(server),
      address: server.url,
      title: 'ComfyUI',
      models: own.map(({ model }) => model.ref),
      takesKey: true,
    }
  })
}
