import { isList, isObject, type Json, type JsonObject } from '../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../domain/json/parts.ts'

/** Responses in another form than a prediction's, by name. */
export type ResponseShape = 'images' | 'embeddings'

/** A response as a prediction: its output, and the figures that came with it. Null when it is no such response. */
export function shaped(shape: ResponseShape, json: Json | undefined): JsonObject | null {
  if (!isObject(json)) return null
  const output = outputs[shape](json)
  if (output === null) return null
  const { usage, prompt_eval_count } = json
  return {
    output,
    ...(isObject(usage) ? { usage } : {}),
    ...(typeof prompt_eval_count === 'number' ? { prompt_eval_count } : {}),
  }
}

const outputs: Readonly<Record<ResponseShape, (json: JsonObject) => Json>> = {
  images({ data, output_format: format }) {
    if (!isList(data)) return null
    return data.flatMap((one) => {
      const { b64_json: base64, url } = objectIn(one)
      if (typeof base64 === 'string')
        return [`data:image/${textIn(format) || 'png'};base64,${base64}`]
      return typeof url === 'string' ? [url] : []
    })
  },
  embeddings({ data, embeddings }) {
    if (isList(embeddings)) return embeddings
    if (!isList(data)) return null
    return data
      .map(objectIn)
      .sort((a, b) => Number(a.index ?? 0) - Number(b.index ?? 0))
      .map((one) => listIn(one.embedding))
  },
}
