import { fileRef } from '../file/file.ts'
import { formatJson, indentationFits, isList, isObject, type Json } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'
import { type Code, type CodePart, code, joined, value } from './code.ts'

/** How a language writes what JSON can say. */
export interface Literals {
  /** A string, in quotes. */
  readonly text: (text: string) => string
  /** The name of a member, as it stands before its colon. */
  readonly key: (name: string) => string
  readonly word: (json: boolean | null) => string
  /** A file on the reader's own disk. */
  readonly file: (name: string) => Code
  /** The indentation of one level. */
  readonly step: string
  /** Whether a comma may stand after the last item. */
  readonly lastComma: boolean
}

/** The longest list that stands on one line. */
const longestLine = 60

/** A value that needs more indentation than this is written on one line. */
const mostIndentation = 2 ** 15

/** A value as source text. Files in it are named by what they are called on disk. */
export function literal(json: Json, language: Literals, indent = ''): Code {
  return indentationFits(json, language.step.length, mostIndentation)
    ? indented(json, language, indent)
    : onOneLine(json, language)
}

function indented(json: Json, language: Literals, indent: string): Code {
  if (isList(json)) return listLiteral(json, language, indent)
  if (!isObject(json)) return single(json, language)
  const members = Object.entries(json).map(
    ([name, item]) =>
      [language.key(name), (inner: string) => indented(item, language, inner)] as const,
  )
  return objectLiteral(members, language, indent)
}

/** A value that holds no others. */
function single(json: Exclude<Json, object> | null, language: Literals): Code {
  if (typeof json === 'string') {
    const name = fileName(json)
    return name === null ? value(language.text(json)) : language.file(name)
  }
  if (json === null || typeof json === 'boolean') return value(language.word(json))
  return value(formatJson(json))
}

/** Everything between two files is one part of it. */
function onOneLine(json: Json, language: Literals): Code {
  const parts: CodePart[] = []
  let text = ''
  function write(item: Json): void {
    if (isList(item)) writeAll('[', item, ']', write)
    else if (isObject(item))
      writeAll('{', Object.entries(item), '}', ([name, member]) => {
        text += `${language.key(name)}: `
        write(member)
      })
    else {
      const [first, ...more] = single(item, language)
      if (first && more.length === 0) text += first.text
      else {
        parts.push(...value(text), ...single(item, language))
        text = ''
      }
    }
  }
  function writeAll<Item>(
    open: string,
    items: readonly Item[],
    close: string,
    writeOne: (item: Item) => void,
  ): void {
    text += open
    for (const [at, item] of items.entries()) {
      if (at > 0) text += ', '
      writeOne(item)
    }
    text += close
  }
  write(json)
  return [...parts, ...value(text)]
}

/** An object literal. Each member is written by its own function, one step further in. */
export function objectLiteral(
  members: readonly (readonly [key: string, write: (indent: string) => Code])[],
  language: Literals,
  indent: string,
): Code {
  if (members.length === 0) return code`{}`
  const inner = indent + language.step
  const lines = members.map(([key, write]) => code`${inner}${key}: ${write(inner)}`)
  return code`{\n${joined(lines, ',\n')}${language.lastComma ? ',' : ''}\n${indent}}`
}

function listLiteral(list: readonly Json[], language: Literals, indent: string): Code {
  const inner = indent + language.step
  const items = list.map((item) => indented(item, language, inner))
  const isShort = fitsOnLine(list) && !list.some((item) => isObject(item))
  if (isShort) return code`[${joined(items, ', ')}]`
  const lines = items.map((item) => code`${inner}${item}`)
  return code`[\n${joined(lines, ',\n')}${language.lastComma ? ',' : ''}\n${indent}]`
}

/** A list that is too large is not written to find that out, as each list around it asks again. */
function fitsOnLine(list: readonly Json[]): boolean {
  const most = 3 * longestLine
  return jsonLength(list, most) <= most && formatJson(list).length <= longestLine
}

/** The name of a stored file; null for any other text. */
export function fileName(text: string): string | null {
  if (fileRef(text) === null) return null
  const name = text.slice(text.indexOf('/') + 1)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** `JSON.stringify` escapes nothing that Python would not read in the same way. */
export const pythonText = (text: string): string => JSON.stringify(text)

/** In single quotes, as in the rest of a Node.js snippet. */
export function nodeText(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\.|'/gs, (found) => (found === '\\"' ? '"' : found === "'" ? "\\'" : found))
  return `'${inner}'`
}

export function nodeKey(name: string): string {
  // Written plainly, this one would set the prototype.
  if (name === '__proto__') return `['__proto__']`
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : nodeText(name)
}

/** One word for a shell, whatever is in it but NUL. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
