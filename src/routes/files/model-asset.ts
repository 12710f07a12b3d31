import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, parseModelRef } from '../../domain/model-ref.ts'
import { sameOriginPath } from '../request/same-origin.ts'
import { storeUpload } from './store-upload.ts'

/** Stores a file that a model brings, as an upload is stored; null when it has none of that name. */
export async function storeModelAsset(
  deps: Deps,
  model: Pick<Model, 'ref' | 'provider'>,
  name: string,
  account: string,
): Promise<StoredFile | null> {
  const provider = deps.providers.find((one) => one.name === model.provider)
  const asset = await provider?.asset(model.ref, name)
  return asset ? storeUpload(deps, { ...asset, account }) : null
}

/** The model and the file that a URL of ours names; null for any other text. */
export function modelAssetInAddress(
  text: string,
  c: Context,
  deps: Deps,
): { readonly ref: ModelRef; readonly name: string } | null {
  const path = sameOriginPath(text, c, deps) ?? ''
  const [, owner, model, name] = /^\/([^/]+)\/([^/]+)\/assets\/([^/]+)$/.exec(path) ?? []
  const ref = parseModelRef(`${owner}/${model}`)
  return ref && name !== undefined ? { ref, name: decoded(name) } : null
}

/** Whether a model brings a file of that name. */
export async function hasModelAsset(
  { providers }: Deps,
  model: Pick<Model, 'ref' | 'provider'>,
  name: string,
): Promise<boolean> {
  const provider = providers.find((one) => one.name === model.provider)
  const asset = await provider?.asset(model.ref, name)
  await asset?.content.cancel()
  return Boolean(asset)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
