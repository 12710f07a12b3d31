import type { JSONObject } from '@modelcontextprotocol/server'
import { formatJson, type JsonObject } from '../../domain/json/json.ts'

/** An object as the SDK writes it, which knows no `bigint`: an integer that a double cannot hold is rounded. */
export function plainJson(value: JsonObject): JSONObject {
  return JSON.parse(formatJson(value))
}
