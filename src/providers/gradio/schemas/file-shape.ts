import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'

/** How files are written in a value of an app. */
export interface FileShape {
  readonly isList: boolean
  /** The member of an object that holds the file: `video` of a video with its subtitles; null for none. */
  readonly member: string | null
}

/** The shape of a type that is a file, or a list of files; null for any other type. */
export function fileShape(type: JsonObject): FileShape | null {
  const named = objectIn(type.$defs)
  const shapes = [type, ...listIn(type.anyOf).map(objectIn)].flatMap((one) => {
    const found = shapeOf(resolved(one, named), named)
    return found ? [found] : []
  })
  return shapes.find(({ isList }) => !isList) ?? shapes[0] ?? null
}

function shapeOf(type: JsonObject, named: JsonObject): FileShape | null {
  if (isFile(type)) return { isList: false, member: null }
  if (type.type === 'array')
    return isFile(resolved(objectIn(type.items), named)) ? { isList: true, member: null } : null
  const video = objectIn(type.properties).video
  const holds = video !== undefined && isFile(resolved(objectIn(video), named))
  return holds ? { isList: false, member: 'video' } : null
}

function isFile({ properties }: JsonObject): boolean {
  const { path, url, orig_name: name } = objectIn(properties)
  return path !== undefined && url !== undefined && name !== undefined
}

function resolved(type: JsonObject, named: JsonObject): JsonObject {
  const ref = textIn(type.$ref)
  const at = ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : null
  return at !== null && Object.hasOwn(named, at) ? objectIn(named[at]) : type
}

/** A file in a value of an app, with its members. */
export interface AppFile {
  readonly path: string
  readonly name: string
  /** A playlist of a stream, which is no file. */
  readonly isStream: boolean
}

/** The file that a value of an app stands for; null for any other value. */
export function appFile(value: Json): AppFile | null {
  const { path, url, meta, orig_name: name, is_stream: isStream } = objectIn(value)
  // Apps before Gradio 4.12 do not mark their files.
  const isMarked = objectIn(meta)._type === 'gradio.FileData'
  if (typeof path !== 'string' || !(isMarked || (url !== undefined && name !== undefined)))
    return null
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  return { path, name: textIn(name) || last || 'file', isStream: isStream === true }
}
