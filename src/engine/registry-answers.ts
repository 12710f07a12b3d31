import { isObject, type Json } from '../domain/json/json.ts'

/** The system that an image is for, in the words of OCI: `linux` and `amd64`. */
export interface Platform {
  readonly os: string
  readonly architecture: string
}

const sha256 = /^sha256:[0-9a-f]{64}$/

/** The parts of `Bearer realm="…",service="…",scope="…"`, by their names. */
export function challengeParts(challenge: string): ReadonlyMap<string, string> {
  const pieces = challenge.slice(0, 2_000).split('"')
  const parts = new Map<string, string>()
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const name = pieces[at]?.split(/[\s,=]/).findLast(Boolean)
    if (name !== undefined) parts.set(name, pieces[at + 1] ?? '')
  }
  return parts
}

/** The digest of the manifest for a platform, when this is an index of several; null when it is none. */
export function ownManifest(json: Json | undefined, platform: Platform): string | null {
  const all = isObject(json) && Array.isArray(json.manifests) ? json.manifests.slice(0, 200) : []
  for (const one of all as readonly Json[]) {
    if (!isObject(one) || !isObject(one.platform) || typeof one.digest !== 'string') continue
    const isOwn =
      one.platform.os === platform.os && one.platform.architecture === platform.architecture
    if (isOwn && sha256.test(one.digest)) return one.digest
  }
  return null
}

/** The digest of an image’s configuration, and the size of its layers; null for what is no manifest of an image. */
export function manifestIn(json: Json | undefined) {
  if (!isObject(json) || !isObject(json.config)) return null
  const { digest } = json.config
  if (typeof digest !== 'string' || !sha256.test(digest)) return null
  const layers = Array.isArray(json.layers) ? (json.layers as readonly Json[]) : []
  const sizes = layers.map((layer) =>
    isObject(layer) && typeof layer.size === 'number' ? layer.size : 0,
  )
  return { config: digest, size: sizes.reduce((sum, size) => sum + size, 0) }
}

/** The labels in the configuration of an image. */
export function labelsIn(json: Json | undefined): Readonly<Record<string, string>> {
  const config = isObject(json) ? json.config : undefined
  const labels = isObject(config) ? config.Labels : undefined
  const all = isObject(labels) ? Object.entries(labels) : []
  return Object.fromEntries(
    all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
