import { closeSync, openSync, writeFileSync } from 'node:fs'
import { isList, type Json } from '../domain/json/json.ts'
import {
  addedTo,
  type Excerpt,
  emptyList,
  excerptOf,
  listExcerpt,
} from '../domain/output/large-output.ts'
import { gathered, piecesOfItems, piecesOfJson, piecesOfText } from '../domain/output/pieces.ts'

/** Writes a large output to a file, and returns its excerpt. Synchronous: only for workers and copies. */
export function writeOutput(value: Json, path: string): Excerpt {
  const file = openSync(path, 'w', 0o600)
  try {
    return isList(value) ? writeList(value, file) : writeOne(value, file)
  } finally {
    closeSync(file)
  }
}

function writeOne(value: Exclude<Json, readonly Json[]>, file: number): Excerpt {
  const excerpt = excerptOf(value)
  const isText = excerpt.form === 'text' && typeof value === 'string'
  for (const piece of gathered(isText ? piecesOfText(value) : piecesOfJson(value)))
    writeFileSync(file, piece)
  return excerpt
}

function writeList(items: readonly Json[], file: number): Excerpt {
  writeFileSync(file, '[')
  for (const piece of gathered(piecesOfItems(items, true))) writeFileSync(file, piece)
  writeFileSync(file, '\n]\n')
  return listExcerpt(items, [], addedTo(emptyList, items))
}
