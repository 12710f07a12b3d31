import { fileRefsIn, type StoredFile } from './file.ts'
import { formatJson, type Json } from './json.ts'
import type { PredictionSummary } from './prediction-page.ts'

/** The files that a prediction made, without those it was given. */
export function madeFiles({
  files,
  input,
}: Pick<PredictionSummary, 'files' | 'input'>): StoredFile[] {
  const given = new Set(fileRefsIn(input))
  return files.filter(({ ref }) => !given.has(ref))
}

/** The inputs in one line: texts first, as they say most. */
export function summaryOf({ input, files }: Pick<PredictionSummary, 'files' | 'input'>): string {
  const words = Object.entries(input).map(([name, value]) => describe(name, value, files))
  const first = words.filter(({ isText }) => isText)
  const line = [...first, ...words.filter(({ isText }) => !isText)]
    .map(({ text }) => text)
    .join(', ')
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

function describe(name: string, value: Json, files: readonly StoredFile[]) {
  const ref = fileRefsIn(value)[0]
  const file = files.find((candidate) => candidate.ref === ref)
  if (file) return { isText: true, text: file.name }
  if (typeof value === 'string' && value.length > 12) return { isText: true, text: value }
  return {
    isText: false,
    text: `${name} = ${typeof value === 'string' ? value : formatJson(value)}`,
  }
}
