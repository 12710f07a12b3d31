import type { RequestHeaders, UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Endpoint } from './endpoint.ts'
import { asksForLogin, bearer, isHubToken, isPassword, logIn } from './login.ts'
import { type AppConfig, configParts, infoParts, readConfig, readEndpoints } from './read-app.ts'
import { type Hub, spaceUrl } from './space.ts'

/** An app that can be called. */
export interface Serving {
  readonly kind: 'serving'
  /** Where its requests go. Differs from its address when that is the page of a Space. */
  readonly url: string
  /** Sent with each request to it. */
  readonly headers: RequestHeaders
  readonly config: AppConfig
  readonly endpoints: readonly Endpoint[]
}

/** No app that can be called, and why, as a sentence. */
export interface NotServing {
  /**
   * `booting`: it starts. `closed`: it does not let us in. `refused`: it cannot be used. `away`: nothing answers.
   * `other`: it is no Gradio app.
   */
  readonly kind: 'booting' | 'closed' | 'refused' | 'away' | 'other'
  readonly sentence: string
}

export type Sighting = Serving | NotServing

export interface LookOptions {
  /** The key to send; null for none. */
  readonly key: string | null
  readonly client: UpstreamClient
  readonly hub: Hub
}

/** Looks at the app at an address: requests its `/config` and `/info`. Never rejects for what it does. */
export async function look(base: string, options: LookOptions): Promise<Sighting> {
  try {
    const url = await spaceUrl(base, options)
    return typeof url === 'string' ? await lookAt(url, base, options) : url
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const sentence = `The Gradio app at ${base} cannot be reached: ${error.message}.`
    return { kind: 'away', sentence }
  }
}

async function lookAt(
  url: string,
  base: string,
  { key, client, hub }: LookOptions,
): Promise<Sighting> {
  // A token of Hugging Face is sent nowhere else.
  const sent = key !== null && (!isHubToken(key) || hub.owns(url)) ? key : null
  let headers = bearer(sent)
  let response = await client.get(`${url}/config`, headers, configParts)
  if (asksForLogin(response) && sent !== null && isPassword(sent)) {
    const signedIn = await logIn(url, sent, client)
    if (!signedIn) return { kind: 'closed', sentence: wrongPassword(base) }
    headers = signedIn
    response = await client.get(`${url}/config`, headers, configParts)
  }
  if (response.status === 401) {
    // Other servers ask for keys, too.
    if (!asksForLogin(response)) return { kind: 'other', sentence: notGradio(base, 401) }
    return { kind: 'closed', sentence: needsPassword(base) }
  }
  const config = response.status === 200 ? readConfig(response.json) : null
  if (config === null) return { kind: 'other', sentence: notGradio(base, response.status) }
  if (typeof config === 'string') return { kind: 'refused', sentence: config }
  const info = await client.get(`${url}${config.prefix}/info`, headers, infoParts)
  if (info.status === 401) return { kind: 'closed', sentence: needsPassword(base) }
  if (info.status !== 200 || info.json === undefined)
    return { kind: 'refused', sentence: noInfo(base, info.status) }
  return { kind: 'serving', url, headers, config, endpoints: readEndpoints(config, info.json) }
}

function needsPassword(base: string): string {
  return `The Gradio app at ${base} asks people to sign in. Give its user and password as the key, as user:password.`
}

function wrongPassword(base: string): string {
  return `The Gradio app at ${base} does not accept this user and password.`
}

function notGradio(base: string, status: number): string {
  return `The server at ${base} is not a Gradio app: /config returned ${status}.`
}

function noInfo(base: string, status: number): string {
  return `The Gradio app at ${base} does not describe its functions: /info returned ${status}.`
}
