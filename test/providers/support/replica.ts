import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { type ModelRecord, noSettings } from '../../../src/domain/model/record.ts'
import { parseModelRef } from '../../../src/domain/model-ref.ts'
import { openDisk } from '../../../src/files/disk.ts'
import { createGuard } from '../../../src/outbound/guard.ts'
import type { ReplicateLimits } from '../../../src/providers/replicate/limits.ts'
import { createReplicateProvider } from '../../../src/providers/replicate/replicate.ts'
import { type FollowOptions, follow } from './follow.ts'
import { type ScriptedModel, startReplicate, token } from './replicate-server.ts'

/** Everything happens soon. */
export const hasty: Partial<ReplicateLimits> = {
  pageWaitMs: 2_000,
  requestMs: 2_000,
  pollMs: 10,
  mostPollMs: 50,
  webhookPollMs: 100,
  patienceMs: 1_000,
  createMs: 500,
  recoverMs: 1_000,
  cancelMs: 5_000,
}

export interface ReplicaOptions {
  /** Null for none. */
  readonly token?: string | null
  /** The models that an operator added. */
  readonly saved?: readonly string[]
  /** Addresses that the guard allows. */
  readonly allow?: readonly string[]
  readonly limits?: Partial<ReplicateLimits>
  readonly now?: () => number
}

/** The real provider over a server that speaks Replicate's API. */
export function providerOver(server: { url: URL }, folder: string, options: ReplicaOptions = {}) {
  return createReplicateProvider({
    token: options.token === undefined ? token : options.token,
    url: server.url,
    folder,
    records: { all: () => (options.saved ?? []).map(recordOf) },
    guard: createGuard({ allow: options.allow ?? [] }),
    maxFileBytes: 2 ** 30,
    now: options.now ?? Date.now,
    limits: { ...hasty, ...options.limits },
  })
}

/** A scripted Replicate, the provider over it, and what runs of it come to. */
export async function createReplica(
  models: Readonly<Record<string, ScriptedModel>>,
  options: ReplicaOptions = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-replica-'))
  const server = await startReplicate(models)
  const files = await openDisk(join(folder, 'files'))
  const provider = providerOver(server, join(folder, 'replicate'), options)
  return {
    server,
    provider,
    files,
    folder: join(folder, 'replicate'),
    find: (name: string, version?: string) => provider.find(refOf(name), version),
    run: (name: string, input: JsonObject = {}, following: FollowOptions = {}) =>
      follow(provider, files, refOf(name), input, following),
    async close(): Promise<void> {
      await provider.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function refOf(name: string) {
  const ref = parseModelRef(name)
  if (!ref) throw new Error(`${name} is no name`)
  return ref
}

function recordOf(name: string): ModelRecord {
  const source = { provider: 'replicate', version: null } as const
  const unsaid = { hardware: null, settings: noSettings, createdAt: 0, updatedAt: 0 }
  return { ref: refOf(name), source, ...unsaid }
}
