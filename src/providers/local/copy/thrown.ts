import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect, types } from 'node:util'
import { beginning } from '../../../domain/json/excerpt.ts'

/** A value that a model threw, as texts. */
export interface Thrown {
  /** One sentence; empty when the error has no message. */
  readonly message: string
  /** The stack with its causes, for the logs. */
  readonly detail: string
}

const mostUnits = 64 * 1024
const maxCauses = 5
const unreadable = 'The model threw a value that cannot be shown.'

/** Describes what a model threw: any value, even one whose getters throw. Never throws. */
export function describeThrown(thrown: unknown): Thrown {
  const message = isError(thrown) ? messageOf(thrown) : valueSentence(thrown)
  const detail = isError(thrown) ? stackOf(thrown) : message
  return { message: beginning(message, mostUnits), detail: beginning(detail, mostUnits) }
}

/** Any object with a message counts as an error, such as an error of another realm. */
function isError(thrown: unknown): thrown is object {
  if (typeof thrown !== 'object' || thrown === null) return false
  return types.isNativeError(thrown) || typeof member(thrown, 'message') === 'string'
}

function messageOf(error: object): string {
  const message = member(error, 'message')
  if (typeof message === 'string' && message.trim() !== '') return message
  if (message !== undefined && message !== '') return valueSentence(message)
  const name = member(error, 'name')
  return typeof name === 'string' && name !== 'Error' ? name : ''
}

function valueSentence(value: unknown): string {
  if (typeof value === 'string') return value
  const shown = shownValue(value)
  return shown === null ? unreadable : `The model threw ${shown}.`
}

/** The value as it would be written in code, without calling its methods. */
function shownValue(value: unknown): string | null {
  try {
    return inspect(value, {
      depth: 4,
      breakLength: Infinity,
      compact: true,
      customInspect: false,
      maxStringLength: 1_000,
    })
  } catch {
    return null
  }
}

function stackOf(error: object, depth = 0): string {
  const stack = member(error, 'stack')
  const own = typeof stack === 'string' && stack !== '' ? stack : (shownValue(error) ?? unreadable)
  const cause = member(error, 'cause')
  if (cause === undefined || depth >= maxCauses) return own
  const deeper = isError(cause) ? stackOf(cause, depth + 1) : valueSentence(cause)
  return `${own}\nCaused by: ${deeper}`
}

function member(object: object, name: string): unknown {
  try {
    return Reflect.get(object, name)
  } catch {
    return undefined
  }
}

/** The place in a folder's files at which an import failed: `model.ts, line 3`. */
export function locationIn(folder: string, detail: string): string | null {
  try {
    return foundIn(`${realpathSync(folder)}${sep}`, detail)
  } catch {
    return null
  }
}

function foundIn(root: string, detail: string): string | null {
  for (const start of [root, pathToFileURL(root).href]) {
    const at = detail.indexOf(start)
    const [, file, line] = /^([^:\n]+):(\d+)/.exec(detail.slice(at + start.length)) ?? []
    if (at !== -1 && file !== undefined) return `${decodeURI(file)}, line ${line}`
  }
  return /^SyntaxError/.test(detail) ? syntaxErrorIn(root) : null
}

/** V8 does not say where a module has a syntax error, so another parser looks for it. */
function syntaxErrorIn(folder: string): string | null {
  for (const name of readdirSync(folder).filter((one) => /\.m?js$/.test(one))) {
    try {
      stripTypeScriptTypes(readFileSync(join(folder, name), 'utf8'), { sourceUrl: name })
    } catch (error) {
      const [, line] = /^[^\n]*:(\d+)\n/.exec(describeThrown(error).detail) ?? []
      return line === undefined ? name : `${name}, line ${line}`
    }
  }
  return null
}
