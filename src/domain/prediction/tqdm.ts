import type { Progress } from './prediction.ts'
import { terminalText } from './terminal-text.ts'

/** Only the end of the logs is searched, as the last bar counts. */
const lookedAt = 16 * 1024

const mostLineUnits = 1_000
const mostLabelUnits = 200

/** Before the times of `Sampling:  42%|████      | 21/50 [00:03<00:04,  6.90it/s]`, with or without the bar. */
const counted = /(\d{1,3})%(?:\|[^|]*\|)?\s*([\d.]+)([kMGTPEZY]?)\/([\d.]+)([kMGTPEZY]?)$/
const timeLeft = /^\[[\d:?]+<([^,\]]*)/

/** Before the time of `Reading: 21it [00:03,  6.90it/s]`: how many there will be is not known. */
const uncounted = /(?:^|:?\s)\d[\d.]*[kMGTPEZY]?\s?[A-Za-z]+\s$/
const timeTaken = /^\[(?:\d+:)?\d\d:\d\d,\s+[\d.?]+[^\s\d.?/]*\/\w/

/** The progress in the last bar of Python's tqdm in a log text; null without one. */
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
  // A label may have brackets of its own.
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    const progress = progressAt(line.slice(0, at), line.slice(at))
    if (progress) return progress
  }
  return null
}

function progressAt(before: string, times: string): Progress | null {
  const left = timeLeft.exec(times)?.[1]
  const bar = left === undefined ? null : counted.exec(before.trimEnd())
  if (bar) {
    const [, percent, done, doneUnit, total, totalUnit] = bar
    const ratio = doneUnit === totalUnit ? Number(done) / Number(total) : NaN
    const fraction = Number.isFinite(ratio) ? ratio : Number(percent) / 100
    const label = labelOf(before.slice(0, bar.index))
    return { fraction: Math.min(1, Math.max(0, fraction)), ...label, ...etaOf(left ?? '') }
  }
  const known = timeTaken.test(times) ? uncounted.exec(before) : null
  return known && labelOf(before.slice(0, known.index))
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
