import type { Json } from '../../src/domain/json/json.ts'
import { jsonOf } from '../../src/providers/parse-response.ts'

export const readJson = async (bytes: Uint8Array<ArrayBuffer>): Promise<Json | undefined> =>
  jsonOf(bytes)

/** An id of an image. */
export const imageId = (digit: string) => `sha256:${digit.repeat(64)}`
