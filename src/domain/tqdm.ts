import type { Progress } from './prediction.ts'
import { terminalText } from './terminal-text.ts'

/** Only the end of a text is looked at: a bar is drawn over and over, and the last one counts. */
const lookedAt = 16 * 1024

const mostLineUnits = 1_000
const mostLabelUnits = 200

/** `Sampling:  42%|████      | 21/50 [00:03<00:04,  6.90it/s]`, with or without the bar itself. */
const counted =
  /^(.{0,400}?)(\d{1,3})%(?:\|[^|]*\|)?\s*([\d.]+)([kMGTPEZY]?)\/([\d.]+)([kMGTPEZY]?)\s*\[[\d:?]+<([^,\]]*)/

/** `Reading: 21it [00:03,  6.90it/s]`: how many there will be is not known. */
const uncounted =
  /^(?:(.{0,400}?):?\s{1,20})?\d[\d.]{0,20}[kMGTPEZY]?\s?[A-Za-z]{1,20}\s\[(?:\d{1,6}:)?\d\d:\d\d,\s{1,9}[\d.?]{1,20}[^\s/]{0,20}\/\w/

/** How far the last progress bar in a log text is, as Python's tqdm draws them; null without one. */
export function progressIn(log: string): Progress | null {
  const lines = log.slice(-lookedAt).split(/[\r\n]+/)
  for (const line of lines.reverse()) {
    const progress = readLine(line.slice(0, mostLineUnits))
    if (progress) return progress
  }
  return null
}

function readLine(written: string): Progress | null {
  if (!written.includes('[')) return null
  const line = terminalText(written)
  const [, before = '', percent, done, doneUnit, total, totalUnit, left = ''] =
    counted.exec(line) ?? []
  if (percent !== undefined) {
    const ratio = doneUnit === totalUnit ? Number(done) / Number(total) : NaN
    const fraction = Number.isFinite(ratio) ? ratio : Number(percent) / 100
    return { fraction: Math.min(1, Math.max(0, fraction)), ...labelOf(before), ...etaOf(left) }
  }
  const known = uncounted.exec(line)
  return known ? labelOf(known[1] ?? '') : null
}

function labelOf(before: string): Pick<Progress, 'label'> {
  const named = before.trim()
  const label = (named.endsWith(':') ? named.slice(0, -1).trimEnd() : named).slice(
    0,
    mostLabelUnits,
  )
  return label === '' ? {} : { label }
}

/** `01:30` or `2:00:00`; a `?` says nothing. */
function etaOf(left: string): Pick<Progress, 'eta'> {
  if (!/^\d+(?::\d{2}){1,2}$/.test(left)) return {}
  return { eta: left.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) }
}
