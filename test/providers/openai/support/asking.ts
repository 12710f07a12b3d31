import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Json, JsonObject } from '../../../../src/domain/json/json.ts'
import { openDisk } from '../../../../src/files/disk.ts'
import type { Provider } from '../../../../src/providers/provider.ts'
import { type FollowOptions, follow } from '../../support/follow.ts'
import { openAiOver, type TestProviderOptions } from './provider.ts'
import { type Routes, startUpstream, type Upstream } from './upstream.ts'

/** A stand-in that is closed with the test. */
export async function upstreamWith(routes: Routes): Promise<Upstream> {
  const upstream = await startUpstream(routes)
  onTestFinished(upstream.close)
  return upstream
}

/** The provider over stand-ins, and a store for files, both closed with the test. */
export async function providerOver(options: TestProviderOptions) {
  const { provider, close, folder } = openAiOver(options)
  const store = await mkdtemp(join(tmpdir(), 'sandpit-files-'))
  const files = await openDisk(store)
  onTestFinished(async () => {
    await close()
    await rm(store, { recursive: true, force: true })
  })
  return {
    provider,
    folder,
    files,
    run: (input: JsonObject, given: FollowOptions = {}) =>
      follow(provider, files, { owner: 'a', name: 'model' }, input, given),
  }
}

export type Asked = Awaited<ReturnType<typeof providerOver>>

/** A provider with one model, `a/model`, at the stand-ins: the server's `id`, or its first. */
export function modelAt(
  upstreams: Upstream | readonly Upstream[],
  options: TestProviderOptions & { readonly id?: string } = {},
): Promise<Asked> {
  const all: readonly Upstream[] = 'url' in upstreams ? [upstreams] : upstreams
  const hash = options.id === undefined ? '' : `#${options.id}`
  const models = all.map(({ url }) => ['a/model', `${url}/v1${hash}`] as const)
  return providerOver({ models, ...options })
}

/** The text of a chat model's output. */
export function textOf(output: Json): string {
  return Array.isArray(output) ? output.join('') : String(output)
}

/** What a probe found, for assertions. */
export async function foundAt(provider: Provider, text: string, key: string | null = null) {
  const probed = await provider.probe({ text, key })
  if (probed?.kind !== 'found') throw new Error(JSON.stringify(probed))
  return probed.upstream
}
