import { collectBytes } from '../../domain/collect.ts'
import { RequestError } from './request-error.ts'

/** All bytes of a response. Rejects with `RequestError` past `most` bytes. */
export function collect(
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer<ArrayBuffer>> {
  const reason = `its response is larger than ${Math.round(most / 2 ** 20)} MB`
  return collectBytes(body, most, () => new RequestError(reason, true, { large: true }))
}
