import type { ModelRef } from '../model-ref.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { isFileSchema } from '../schema/value-schema.ts'
import type { Code } from './code.ts'
import { curlSnippet } from './curl.ts'
import { httpSnippet } from './http.ts'
import type { SnippetInput } from './input.ts'
import { nodeSnippet } from './node.ts'
import { pythonSnippet } from './python.ts'

/** The ways of a snippet to get the output: wait for it, stream it, or receive a webhook. */
export const snippetVariants = ['run', 'stream', 'webhook'] as const
export type SnippetVariant = (typeof snippetVariants)[number]

export const snippetLanguages = ['node', 'python', 'curl', 'http'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

/** The request that a snippet makes. */
export interface SnippetRequest {
  readonly model: ModelRef
  /** The id of the version to run; the current one when left out. */
  readonly version?: string
  readonly inputs: readonly SnippetInput[]
  /** Where this Sandpit is, without `/v1` and without a slash at the end. */
  readonly address: string
  /** Whether a token has to be sent. */
  readonly needsToken: boolean
  readonly variant: SnippetVariant
  /** The files in the output: one, several, or none. */
  readonly files: 'one' | 'many' | 'none'
}

/** The code that makes a request, in one of the languages. */
export function snippet(language: SnippetLanguage, request: SnippetRequest): Code {
  return writers[language](request)
}

const writers: Readonly<Record<SnippetLanguage, (request: SnippetRequest) => Code>> = {
  node: nodeSnippet,
  python: pythonSnippet,
  curl: curlSnippet,
  http: httpSnippet,
}

/** The variants that make sense for a model: what is made at once is not streamed. */
export function variantsFor({ output }: ModelSchema): readonly SnippetVariant[] {
  const streams = output.iterator || output.concatenate
  return snippetVariants.filter((variant) => variant !== 'stream' || streams)
}

export function filesMadeBy({ output }: ModelSchema): SnippetRequest['files'] {
  if (isFileSchema(output)) return 'one'
  return output.items && isFileSchema(output.items) ? 'many' : 'none'
}
