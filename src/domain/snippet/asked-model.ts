import { modelName } from '../model-ref.ts'
import type { SnippetRequest } from './snippet.ts'

/** `owner/name`, and the version where one is asked for. */
export function askedModel({ model, version }: SnippetRequest): string {
  return version === undefined ? modelName(model) : `${modelName(model)}:${version}`
}
