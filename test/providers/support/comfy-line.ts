import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import type { ModelRecord } from '../../../src/domain/model/record.ts'
import { openDisk } from '../../../src/files/disk.ts'
import { createComfyProvider } from '../../../src/providers/comfyui/comfyui.ts'
import type { ChosenParts } from '../../../src/providers/provider.ts'
import { partNodes, pictureNodes, pictureWorkflow } from './comfy-nodes.ts'
import { hastyComfyLimits, recordOf } from './comfy-parts.ts'
import { type ComfyServerOptions, startComfyServer } from './comfy-server.ts'
import { type FollowOptions, follow } from './follow.ts'

export interface ComfyLineOptions {
  readonly server?: Partial<ComfyServerOptions>
  readonly workflow?: JsonObject
  readonly chosen?: ChosenParts | null
  /** The key for its server; null for none. */
  readonly key?: string | null
  /** Where it runs instead of at its server. */
  readonly urls?: readonly string[]
}

/** A workflow at a server of its own, which is run without the runner. It ends with the test. */
export async function comfyLine({
  server: own,
  workflow,
  chosen = null,
  key = null,
  urls,
}: ComfyLineOptions = {}) {
  const nodes = { ...partNodes, ...pictureNodes, ...own?.nodes }
  const server = await startComfyServer({ ...own, nodes })
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-comfy-line-'))
  const records: ModelRecord[] = []
  const options = {
    records: { all: () => records },
    keyOf: () => key,
    folder,
    limits: hastyComfyLimits,
  }
  const provider = createComfyProvider({ ...options, now: Date.now })
  const record = await recordOf(provider, 'it', workflow ?? pictureWorkflow, [server.url], chosen)
  records.push(urls && record.source ? { ...record, source: { ...record.source, urls } } : record)
  const files = await openDisk(join(folder, 'files'))
  onTestFinished(async () => {
    await provider.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const ref = { owner: 'test', name: 'it' }
  return {
    server,
    provider,
    files,
    /** Reads its choices again; resolves with a sentence when that is not possible. */
    async refresh(): Promise<string | null> {
      const [record] = records
      const read = record?.source && (await provider.sources?.refresh?.(record.source))
      if (!read) throw new Error('There is nothing to read again')
      if (read.ok) records[0] = { ...record, source: read.source }
      return read.ok ? null : read.sentence
    },
    run: (input: JsonObject = {}, more: FollowOptions = {}) =>
      follow(provider, files, ref, input, more),
  }
}

/** A workflow of one node that works until it is stopped. */
export const slowWorkflow: JsonObject = {
  '1': { class_type: 'WorkText', inputs: {}, _meta: { title: 'working' } },
}
