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
}

/** A workflow at a server of its own, which is run without the runner. It ends with the test. */
export async function comfyLine({ server: own, workflow, chosen = null }: ComfyLineOptions = {}) {
  const nodes = { ...partNodes, ...pictureNodes, ...own?.nodes }
  const server = await startComfyServer({ ...own, nodes })
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-comfy-line-'))
  const records: ModelRecord[] = []
  const options = { records: { all: () => records }, folder, limits: hastyComfyLimits }
  const provider = createComfyProvider({ ...options, now: Date.now })
  records.push(await recordOf(provider, 'it', workflow ?? pictureWorkflow, [server.url], chosen))
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
    run: (input: JsonObject = {}, more: FollowOptions = {}) =>
      follow(provider, files, ref, input, more),
  }
}

/** A workflow of one node that works until it is stopped. */
export const slowWorkflow: JsonObject = {
  '1': { class_type: 'WorkText', inputs: {}, _meta: { title: 'working' } },
}
