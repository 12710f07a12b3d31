import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatJson, type JsonObject } from '../../../src/domain/json/json.ts'
import type { ModelRecord } from '../../../src/domain/model/record.ts'
import { noSettings } from '../../../src/domain/model/record.ts'
import { createComfyProvider } from '../../../src/providers/comfyui/comfyui.ts'
import type { ComfyLimits } from '../../../src/providers/comfyui/limits.ts'
import type { ChosenParts, Provider } from '../../../src/providers/provider.ts'
import { type Part, type ProviderSetUp, parts } from '../conformance.ts'
import { partNodes } from './comfy-nodes.ts'
import { type ComfyServer, startComfyServer } from './comfy-server.ts'

/** Waits that are short, for tests that wait for what comes after them. */
export const hastyComfyLimits: Partial<ComfyLimits> = {
  healthEveryMs: 50,
  requestMs: 2_000,
  waitMs: 10,
  watchMs: 25,
  patienceMs: 300,
  goneMs: 300,
  cancelGraceMs: 1_000,
  progressMs: 0,
  previewMs: 0,
}

const node = (class_type: string, title: string, inputs: JsonObject = {}) => ({
  class_type,
  inputs,
  _meta: { title },
})

const workflows: Readonly<Record<Part, JsonObject>> = {
  echo: { '1': node('EchoText', 'input: text', { text: '' }) },
  stream: { '1': node('CountText', 'input: count', { count: 1 }) },
  report: {
    '1': node('Step', 'step 1'),
    '2': node('EchoText', 'step 2', { text: 'reported', after: ['1', 0] }),
  },
  fail: { '1': node('FailText', 'input: reason', { text: '' }) },
  slow: { '1': node('WorkText', 'working') },
  copy: { '1': node('SaveCopy', 'Copy', { file: 'a.png' }) },
  garbage: { '1': node('NumberText', 'Number') },
  vanish: { '1': node('WorkText', 'working') },
}

/** The record of a workflow, as adding it on `/models/new` makes it. */
export async function recordOf(
  provider: Provider,
  name: string,
  workflow: JsonObject,
  urls: readonly string[],
  chosen: ChosenParts | null = null,
): Promise<ModelRecord> {
  const [text = ''] = urls
  const probed = await provider.probe({ text, document: formatJson(workflow), parts: chosen })
  if (probed?.kind !== 'found') throw new Error(probed?.sentence ?? 'Nothing was found')
  const source = probed.upstream.models[0]?.source
  if (!source) throw new Error('There is no model')
  return {
    ref: { owner: 'test', name },
    source: { ...source, urls },
    hardware: null,
    settings: noSettings,
    createdAt: 1,
    updatedAt: 1,
  }
}

/** The parts of the conformance suite, each at a server of its own. */
export async function setUpComfy(): Promise<ProviderSetUp> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-comfy-'))
  const records: ModelRecord[] = []
  const servers: { readonly part: Part; readonly server: ComfyServer }[] = []
  const provider = createComfyProvider({
    records: { all: () => records },
    keyOf: () => null,
    folder,
    now: Date.now,
    limits: hastyComfyLimits,
  })
  for (const part of [...parts, 'slow'] as const)
    servers.push({ part, server: await startComfyServer({ nodes: partNodes }) })
  for (const part of parts) {
    const urls = servers.filter((one) => one.part === part).map(({ server }) => server.url)
    records.push(await recordOf(provider, part, workflows[part], urls))
  }
  const vanishing = setInterval(() => {
    for (const { part, server } of servers)
      if (part === 'vanish' && server.working() > 0) void server.close()
  }, 100)

  return {
    provider,
    model: (part) => ({ owner: 'test', name: part }),
    lacks: ['streams'],
    working: () =>
      servers
        .filter(({ part }) => part === 'slow')
        .reduce((sum, { server }) => sum + server.working(), 0),
    async close() {
      clearInterval(vanishing)
      await provider.close()
      await Promise.all(servers.map(({ server }) => server.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
