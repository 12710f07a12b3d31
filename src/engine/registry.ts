import { createHash } from 'node:crypto'
import { collectBytes } from '../domain/collect.ts'
import { isObject, type Json } from '../domain/json/json.ts'
import { type ImageName, placeOf } from '../domain/model/addresses/image-name.ts'
import { type RegistryLogin, registryOrigin } from '../domain/model/addresses/registry.ts'
import { once } from '../domain/once.ts'
import type { ReadJson } from './connection.ts'
import {
  challengeParts,
  labelsIn,
  manifestIn,
  ownManifest,
  type Platform,
} from './registry-answers.ts'

/** What a registry says of an image, without its layers. */
export interface RegistryImage {
  /** `sha256:…` of its configuration: the id that engines give it. */
  readonly id: string
  /** `sha256:…` of its manifest, by which it is pulled. */
  readonly digest: string
  readonly labels: Readonly<Record<string, string>>
  /** Of its layers together, in bytes, as they are sent. */
  readonly size: number
}

/** `none`: there is no such image, or nobody is shown one. `away`: the registry cannot be asked. */
export type Asked =
  | { readonly kind: 'image'; readonly image: RegistryImage }
  | { readonly kind: 'none'; readonly sentence: string; readonly asksLogin: boolean }
  | { readonly kind: 'away'; readonly sentence: string }

export interface RegistryOptions {
  readonly loginFor: (host: string) => RegistryLogin | null
  readonly platform: Platform
  /**
   * Gets a URL at another origin than the registry's: where it sends for tokens, or keeps its blobs.
   * Follows no redirect. Rejects with a sentence when it may not be asked, or does not answer.
   */
  readonly getElsewhere: (url: string, signal: AbortSignal, headers: Sent) => Promise<Answer>
  readonly readJson: ReadJson
}

type Sent = Readonly<Record<string, string>>

/** Of an HTTP request, as `fetch` tells it. */
interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null
}

export type Registry = ReturnType<typeof createRegistry>

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const answerMs = 15_000
/** A configuration holds the labels, and they the schema: as much as of an image that an engine has. */
const maxBytes = 32 * 2 ** 20

/** Asks registries what images are, by the API of the OCI distribution specification. */
export function createRegistry({ loginFor, platform, getElsewhere, readJson }: RegistryOptions) {
  const loading = once(async () => {
    const { Agent, fetch } = await import('undici')
    return { fetch, agent: new Agent({ headersTimeout: answerMs, bodyTimeout: answerMs }) }
  })

  async function getOwn(url: string, signal: AbortSignal, headers: Sent): Promise<Answer> {
    const { fetch, agent } = await loading()
    return fetch(url, { headers, signal, dispatcher: agent, redirect: 'manual' })
  }

  /** Gets a URL for a registry, whose address is `origin`, and follows where it is sent on. */
  async function get(origin: string, url: string, headers: Sent, hops = 0): Promise<Got> {
    const signal = AbortSignal.timeout(answerMs)
    const isOwn = new URL(url).origin === origin
    const answer = isOwn
      ? await getOwn(url, signal, headers)
      : await getElsewhere(url, signal, headers).catch((error: unknown) => {
          throw new SentNowhere(url, error)
        })
    const to = answer.headers.get('location')
    if ([301, 302, 303, 307, 308].includes(answer.status) && to !== null && hops < mostHops) {
      await answer.body?.cancel()
      const next = new URL(to, url)
      // Blobs are often kept elsewhere: what proves who asks stays with the registry.
      const isSame = next.origin === new URL(url).origin
      const { Authorization: _, ...open } = headers
      return get(origin, next.href, isSame ? headers : open, hops + 1)
    }
    const { status, headers: told, body } = answer
    const bytes = body ? await collectBytes(body, maxBytes, tooLarge) : Buffer.alloc(0)
    // Taken before the bytes go to a worker.
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    return { status, headers: told, digest, json: await readJson(bytes) }
  }

  /** A token of the service that the registry names, for those who may pull. */
  async function tokenFrom(
    challenge: string,
    host: string,
    login: RegistryLogin | null,
  ): Promise<string | null> {
    const parts = challengeParts(challenge)
    const realm = URL.parse(parts.get('realm') ?? '')
    // A password goes over TLS alone, except for a registry of this machine.
    if (!realm || (realm.protocol !== 'https:' && registryOrigin(host) !== realm.origin))
      return null
    for (const name of ['service', 'scope']) {
      const value = parts.get(name)
      if (value !== undefined) realm.searchParams.set(name, value)
    }
    const proof = login ? { Authorization: basic(login) } : {}
    const { json } = await get(registryOrigin(host), realm.href, proof)
    const token = isObject(json) ? (json.token ?? json.access_token) : null
    return typeof token === 'string' ? token : null
  }

  /** Asks as whoever the registry wants to know: nobody, a user, or the bearer of a token. */
  function asking(host: string, login: RegistryLogin | null) {
    let authorization: Readonly<Record<string, string>> = {}
    return async (path: string, accept: string): Promise<Got> => {
      const origin = registryOrigin(host)
      const url = `${origin}/v2/${path}`
      const first = await get(origin, url, { Accept: accept, ...authorization })
      const challenge = first.headers.get('www-authenticate')
      if (first.status !== 401 || challenge === null) return first
      const token = /^bearer/i.test(challenge) ? await tokenFrom(challenge, host, login) : null
      const proof = token !== null ? `Bearer ${token}` : login && basic(login)
      if (proof === null) return first
      authorization = { Authorization: proof }
      return get(origin, url, { Accept: accept, ...authorization })
    }
  }

  async function ask(name: ImageName, typed: RegistryLogin | null): Promise<Asked> {
    const { host, repository } = placeOf(name)
    const login = typed ?? loginFor(host)
    const request = asking(host, login)
    const found = await request(
      `${repository}/manifests/${name.digest ?? name.tag ?? 'latest'}`,
      manifestTypes,
    )
    if (found.status === 401 || found.status === 403)
      return {
        kind: 'none',
        sentence:
          login === null
            ? `${host} does not show this image without a sign-in.`
            : `${host} refuses the login${typed ? '' : ' that this server has for it'}, or does not show it this image.`,
        asksLogin: true,
      }
    if (found.status === 404)
      return {
        kind: 'none',
        sentence: `${host} has no such image.`,
        asksLogin: login === null,
      }
    if (found.status !== 200) return { kind: 'away', sentence: `${host} answered ${found.status}.` }
    const own = ownManifest(found.json, platform)
    const manifest =
      own === null ? found : await request(`${repository}/manifests/${own}`, manifestTypes)
    const read = manifestIn(manifest.json)
    if (!read)
      return {
        kind: 'none',
        sentence: `${host} has no image of this platform by that name.`,
        asksLogin: false,
      }
    const config = await request(`${repository}/blobs/${read.config}`, 'application/json')
    if (config.status !== 200)
      return { kind: 'away', sentence: `${host} answered ${config.status}.` }
    // Blobs may come from another host.
    if (config.digest !== read.config)
      return { kind: 'away', sentence: `${host} sent another configuration than this image’s.` }
    const { digest } = found
    return {
      kind: 'image',
      image: { id: read.config, digest, labels: labelsIn(config.json), size: read.size },
    }
  }

  return {
    /** Asks for an image by its name, with a login or the one that is kept. Never rejects. */
    async find(name: ImageName, login: RegistryLogin | null = null): Promise<Asked> {
      try {
        return await ask(name, login)
      } catch (error) {
        const { host } = placeOf(name)
        const sentence =
          error instanceof SentNowhere
            ? `${host} sends to ${error.host}. ${error.message}`
            : `${host} cannot be reached.`
        return { kind: 'away', sentence }
      }
    },
  }
}

interface Got {
  readonly status: number
  readonly headers: Answer['headers']
  /** SHA-256 of what was sent. */
  readonly digest: string
  readonly json: Json | undefined
}

/** A registry sends to another host, which could not be asked; the message is the reason as a sentence. */
class SentNowhere extends Error {
  readonly host: string

  constructor(url: string, reason: unknown) {
    super(reason instanceof Error ? reason.message : '', { cause: reason })
    this.host = new URL(url).host
  }
}

const mostHops = 3
const tooLarge = () => new Error('its answer is too large')

function basic({ user, password }: RegistryLogin): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/**
 * The header `X-Registry-Auth` of a pull. Its padding is wanted, which Node’s `base64url` leaves out.
 */
export function pullAuth({ user, password }: RegistryLogin, host: string): string {
  const json = JSON.stringify({ username: user, password, serveraddress: host })
  return Buffer.from(json).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
