import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import type { Endpoint } from '../apps/endpoint.ts'
import { type AppFile, appFile } from '../schemas/file-shape.ts'

/** The output that the values of an answer stand for: one, or an object with each by its name. */
export function outputIn(data: readonly Json[], { outputs }: Endpoint): Json {
  const [only] = outputs
  if (!only) return null
  if (only.name === null) return plain(data[only.position] ?? null)
  const members = outputs.map(({ name, position }) => [name, plain(data[position] ?? null)])
  return Object.fromEntries(members)
}

/** A value without what is for the app's own page. */
function plain(value: Json): Json {
  if (isList(value)) {
    const items: Json[] = []
    for (const item of value) items.push(plain(item))
    return items
  }
  if (!isObject(value) || appFile(value)) return value
  // A change of a component, of which only the value is an output.
  if (value.__type__ === 'update') return plain(value.value ?? null)
  const members: [string, Json][] = []
  for (const [name, member] of Object.entries(value)) members.push([name, plain(member)])
  return only(Object.fromEntries(members))
}

/** The file of a picture without a caption, of a video without subtitles, or of a drawn chart. */
function only(value: JsonObject): Json {
  const { image, video, caption, subtitles, type, plot } = value
  if (type === 'matplotlib' && typeof plot === 'string') return plot
  const held = image ?? video
  if (held === undefined || !appFile(held)) return value
  const isAlone = (caption ?? null) === null && (subtitles ?? null) === null
  return isAlone && Object.keys(value).length === 2 ? held : value
}

/** The files in a value. */
export function filesIn(value: Json): AppFile[] {
  const found: AppFile[] = []
  withParts(value, {
    file(file) {
      found.push(file)
      return null
    },
    text: (text) => text,
  })
  return found
}

export interface Parts {
  file(file: AppFile): Json
  text(text: string): Json
}

/** A copy of a value with its files and texts replaced. Recursive: parsed JSON has at most `mostLevels` levels. */
export function withParts(value: Json, parts: Parts): Json {
  if (typeof value === 'string') return parts.text(value)
  if (isList(value)) {
    const items: Json[] = []
    for (const item of value) items.push(withParts(item, parts))
    return items
  }
  if (!isObject(value)) return value
  const file = appFile(value)
  if (file) return parts.file(file)
  const members: [string, Json][] = []
  for (const [name, member] of Object.entries(value)) members.push([name, withParts(member, parts)])
  return Object.fromEntries(members)
}
