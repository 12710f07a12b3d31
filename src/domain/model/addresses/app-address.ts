import { decoded, replicateHost, typedUrl, withoutEndSlashes } from '../../address.ts'

/** A Gradio app as an operator named it. */
export interface AppAddress {
  /** Its URL: `http://gpu-1:7860`, or `https://huggingface.co/spaces/owner/name` of a Space. */
  readonly base: string
  /** The endpoint that was named after `#`: `/predict`; null for none. */
  readonly endpoint: string | null
}

const hub = 'https://huggingface.co'

/** The app that a text names; null when it is no address. */
export function appAddress(text: string): AppAddress | null {
  const url = typedUrl(text)
  if (!url || replicateHost.test(url.hostname)) return null
  const endpoint = endpointIn(url.hash)
  const isHub = url.hostname === 'huggingface.co' || url.hostname === 'hf.co'
  if (!isHub) return { base: `${url.origin}${withoutEndSlashes(url.pathname)}`, endpoint }
  const [, kind, owner, name] = url.pathname.split('/')
  if (kind !== 'spaces' || !owner || !name) return null
  return { base: `${hub}/spaces/${owner}/${name}`, endpoint }
}

/** How an endpoint of an app is written: `http://gpu-1:7860#/predict`. */
export function endpointAddress({ base, endpoint }: AppAddress): string {
  return endpoint === null ? base : `${base}#${endpoint}`
}

/** The id of a Space, `owner/name`, when the address is that of one. */
export function spaceIn(base: string): string | null {
  const prefix = `${hub}/spaces/`
  return base.startsWith(prefix) ? base.slice(prefix.length) : null
}

function endpointIn(hash: string): string | null {
  const name = decoded(hash.slice(1))
  if (name === '') return null
  return name.startsWith('/') ? name : `/${name}`
}
