import type { Model } from '../../../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { describeModel } from '../describe.ts'
import type { ComfyLimits } from '../limits.ts'
import { readSource, type WorkflowSource } from '../source.ts'
import { createServer, type Server, type ServerOptions } from './server.ts'

export type Fleet = ReturnType<typeof createFleet>

/** A model, its workflow, and the servers that run it. */
export interface ServedModel {
  readonly model: Model
  readonly source: WorkflowSource
  readonly servers: readonly Server[]
}

export interface FleetOptions extends Pick<ServerOptions, 'keyOf' | 'client'> {
  readonly records: { all(): readonly ModelRecord[] }
  readonly limits: ComfyLimits
}

/** All workflows that operators added, with their servers, whose health is checked periodically. */
export function createFleet({ records, keyOf, client, limits }: FleetOptions) {
  const models = new Map<string, { readonly source: ModelSource; readonly served: ServedModel }>()
  const servers = new Map<string, Server>()
  const checking = setInterval(checkAll, limits.healthEveryMs)
  checking.unref()
  checkAll()

  /** Brings `models` up to date with what operators have added and removed. */
  function current(): readonly ServedModel[] {
    const wanted = records.all().filter(({ source }) => source?.provider === 'comfyui')
    const names = new Set(wanted.map(({ ref }) => modelName(ref)))
    for (const name of models.keys()) if (!names.has(name)) models.delete(name)
    for (const record of wanted) keep(record)
    return [...models.values()].map(({ served }) => served)
  }

  function keep({ ref, source: kept, updatedAt }: ModelRecord): void {
    const name = modelName(ref)
    if (!kept || models.get(name)?.source === kept) return
    const source = readSource(kept)
    if (!source) return
    const model = describeModel(ref, source, updatedAt)
    models.set(name, {
      source: kept,
      served: { model, source, servers: source.urls.map(serverAt) },
    })
  }

  function serverAt(url: string): Server {
    const known = servers.get(url)
    if (known) return known
    const server = createServer({ url, keyOf, client })
    servers.set(url, server)
    void server.check()
    return server
  }

  function checkAll(): void {
    const used = new Set(current().flatMap((model) => model.servers))
    for (const [url, server] of servers) if (!used.has(server)) servers.delete(url)
    for (const server of used) void server.check()
  }

  return {
    all: current,
    find: (ref: ModelRef): ServedModel | null => {
      current()
      return models.get(modelName(ref))?.served ?? null
    },
    close: () => clearInterval(checking),
  }
}
