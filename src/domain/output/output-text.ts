import type { ValueSchema } from '../schema/value-schema.ts'

/** The format of a finished text. */
export type Writing = 'plain' | 'markdown' | 'html'

/** The format by the schema if it says so, else by the text itself. */
export function writingOf(text: string, schema: ValueSchema | undefined): Writing {
  if (/^<(?:!doctype html|html)\b/i.test(text.slice(0, 200).trimStart())) return 'html'
  if (isMarkdownSchema(schema) || isMarkdownSchema(schema?.items)) return 'markdown'
  return looksLikeMarkdown(text) ? 'markdown' : 'plain'
}

function isMarkdownSchema(schema: ValueSchema | undefined): boolean {
  return (
    schema?.format === 'markdown' ||
    schema?.format === 'text/markdown' ||
    schema?.raw.contentMediaType === 'text/markdown'
  )
}

/** How many units of a text are examined. */
const lookedAt = 16 * 1024

/**
 * Conservative: a fenced block or a table is enough, of the rest there must be two kinds. A heading
 * counts only before a blank line, as `#` begins a comment in many a program.
 */
function looksLikeMarkdown(text: string): boolean {
  const lines = text.slice(0, lookedAt).split(/\r?\n/, 1000)
  if (hasFence(lines) || hasTable(lines)) return true
  return [hasHeading, hasList, hasBold, hasLink].filter((has) => has(lines)).length >= 2
}

type Lines = readonly string[]

function hasFence(lines: Lines): boolean {
  const opening = lines.findIndex((line) => /^```[\w+#-]*\s*$/.test(line))
  return opening >= 0 && lines.slice(opening + 1).some((line) => /^```\s*$/.test(line))
}

function hasTable(lines: Lines): boolean {
  return lines.some(
    (line, at) => /^\|(?:\s*:?-{3,}:?\s*\|)+\s*$/.test(line) && lines[at - 1]?.startsWith('|'),
  )
}

function hasHeading(lines: Lines): boolean {
  return lines.some((line, at) => /^#{1,6} \S/.test(line) && lines[at + 1]?.trim() === '')
}

function hasList(lines: Lines): boolean {
  return lines.filter((line) => /^ {0,3}(?:[-*+]|\d{1,3}\.) \S/.test(line)).length >= 2
}

function hasBold(lines: Lines): boolean {
  return lines.some((line) => /\*\*[^\s*][^*]*\*\*/.test(line.slice(0, 1000)))
}

function hasLink(lines: Lines): boolean {
  return lines.some((line) => /\[[^[\]]+\]\(https?:\/\/[^\s()]+\)/.test(line.slice(0, 1000)))
}
