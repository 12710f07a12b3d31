/** The name of a container image, as `docker pull` takes it. */
export interface ImageName {
  /** The host of its registry: `r8.im`, `localhost:5000`; null for a name that has none, as `alpine`. */
  readonly registry: string | null
  /** `ann/video`, `library/alpine`. */
  readonly repository: string
  readonly tag: string | null
  /** `sha256:` and 64 hex digits. */
  readonly digest: string | null
}

const longestName = 512
const host = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:\d))(?::\d{1,5})?$/i
const component = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/
const tag = /^\w[\w.-]{0,127}$/
const digest = /^sha256:[0-9a-f]{64}$/

/** The image that a text names; null for a text that is no such name. */
export function imageName(text: string): ImageName | null {
  const typed = text.trim()
  if (typed === '' || typed.length > longestName) return null
  const [whole = '', ...digests] = typed.split('@')
  if (digests.length > 1 || (digests[0] !== undefined && !digest.test(digests[0]))) return null
  const slash = whole.indexOf('/')
  const first = slash < 0 ? '' : whole.slice(0, slash)
  const registry = host.test(first) ? first.toLowerCase() : null
  const rest = registry === null ? whole : whole.slice(slash + 1)
  const colon = rest.lastIndexOf(':')
  const path = colon < 0 ? rest : rest.slice(0, colon)
  const named = colon < 0 ? null : rest.slice(colon + 1)
  if (named !== null && !tag.test(named)) return null
  if (!path.split('/').every((part) => component.test(part))) return null
  return { registry, repository: path, tag: named, digest: digests[0] ?? null }
}

/** Whether a text can only be the name of an image: one with a registry, a tag or a digest. */
export function isImageName(text: string): boolean {
  const name = imageName(text)
  if (!name) return false
  return name.digest !== null || name.tag !== null || name.registry !== null
}

/** Whether a text names an image in a registry by a tag or digest, and so is no address: `localhost:5000/video:2`. */
export function isPinnedImage(text: string): boolean {
  const name = imageName(text)
  return name !== null && name.registry !== null && (name.tag ?? name.digest) !== null
}

/** The name as it is written, with the tag that engines assume when there is none. */
export function imageText({ registry, repository, tag, digest }: ImageName): string {
  const path = registry === null ? repository : `${registry}/${repository}`
  if (digest !== null) return `${path}@${digest}`
  return `${path}:${tag ?? 'latest'}`
}

/** The host to ask for an image without a registry, and its repository there. */
export function placeOf({ registry, repository }: ImageName): {
  readonly host: string
  readonly repository: string
} {
  if (registry !== null && registry !== 'docker.io') return { host: registry, repository }
  const whole = repository.includes('/') ? repository : `library/${repository}`
  return { host: 'registry-1.docker.io', repository: whole }
}
