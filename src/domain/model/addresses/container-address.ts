import { typedUrl } from '../../address.ts'

/**
 * The origin of a container in typed text: an http address, or a host and a port without the
 * scheme, such as `localhost:5000`. Null for anything else.
 */
export function containerOrigin(text: string): string | null {
  return typedUrl(text)?.origin ?? null
}
