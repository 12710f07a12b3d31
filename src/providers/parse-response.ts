import { type Json, parsePythonJson } from '../domain/json/json.ts'

/** The JSON of a response; undefined when it is none. */
export function jsonOf(bytes: Uint8Array<ArrayBuffer>): Json | undefined {
  return jsonOfText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
}

export function jsonOfText(text: string): Json | undefined {
  try {
    return parsePythonJson(text)
  } catch {
    return undefined
  }
}
