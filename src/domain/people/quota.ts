/** How much a person may run. Null: without limit. */
export interface Quota {
  /** Predictions that run at the same time, in all models. Others wait. */
  readonly running: number | null
  /** Predictions that wait, in all models. */
  readonly waiting: number | null
  /** Predictions accepted in a minute. */
  readonly perMinute: number | null
  /** Predictions accepted in a day, which begins at midnight UTC. */
  readonly perDay: number | null
  /** Seconds that models worked in a day. */
  readonly secondsPerDay: number | null
}

/** The limits of one person that differ from those of their role. */
export type OwnQuota = Partial<Quota>

export const noQuota: Quota = {
  running: null,
  waiting: null,
  perMinute: null,
  perDay: null,
  secondsPerDay: null,
}

/** The limits of a person, with those of their role where they have none of their own; null for none at all. */
export function effectiveQuota(ofRole: Quota | null, own: OwnQuota | null): Quota | null {
  const quota = { ...(ofRole ?? noQuota), ...own }
  return isUnlimited(quota) ? null : quota
}

function isUnlimited(quota: Quota): boolean {
  return Object.values(quota).every((limit) => limit === null)
}

/** A limit as it is written in `SANDPIT_QUOTA` and in forms. */
export interface QuotaField {
  readonly name: string
  readonly limit: keyof Quota
  readonly label: string
}

export const quotaFields: readonly QuotaField[] = [
  { name: 'running', limit: 'running', label: 'Running at once' },
  { name: 'waiting', limit: 'waiting', label: 'Waiting' },
  { name: 'minute', limit: 'perMinute', label: 'Runs a minute' },
  { name: 'day', limit: 'perDay', label: 'Runs a day' },
  { name: 'time', limit: 'secondsPerDay', label: 'Time of models a day' },
]

/** The limits as a form shows them, by the names of the fields: empty for that of the role. */
export function quotaTexts(quota: OwnQuota | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    quotaFields.map(({ name, limit }) => [name, limitText(name, quota?.[limit])]),
  )
}

function limitText(name: string, value: number | null | undefined): string {
  if (value === undefined) return ''
  if (value === null) return noLimit
  return name === 'time' ? timeText(value) : String(value)
}

function timeText(seconds: number): string {
  const [unit, size] = timeUnits.find(([, each]) => seconds % each === 0) ?? ['s', 1]
  return `${seconds / size}${unit}`
}

export type QuotaReading =
  /** Null: all limits are those of the role. */
  | { readonly ok: true; readonly quota: OwnQuota | null }
  /** A sentence, and the field that it is about. */
  | { readonly ok: false; readonly problem: string; readonly field: string }

/** Reads limits from texts by the names of the fields. */
export function readQuota(texts: Readonly<Record<string, string | undefined>>): QuotaReading {
  const own: { -readonly [Limit in keyof Quota]?: number | null } = {}
  for (const { name, limit } of quotaFields) {
    const text = texts[name]?.trim() ?? ''
    if (text === '') continue
    const value = readLimit(name, text)
    if (value === undefined)
      return { ok: false, field: name, problem: `Must ${limitProblem(name)}.` }
    own[limit] = value
  }
  return { ok: true, quota: Object.keys(own).length === 0 ? null : own }
}

/** Reads limits from a text: `running:2,waiting:20,minute:30,day:200,time:2h`. */
export function parseQuota(text: string): QuotaReading {
  const texts: Record<string, string> = {}
  for (const entry of text.split(',')) {
    const [name = '', value = ''] = entry.split(/:(.*)/s).map((part) => part.trim())
    const known = quotaFields.some((field) => field.name === name)
    if (!known || Object.hasOwn(texts, name) || value === '')
      return { ok: false, field: name, problem: `${entry.trim()} must be ${limitExample}` }
    texts[name] = value
  }
  const reading = readQuota(texts)
  if (reading.ok) return reading
  return { ...reading, problem: `${reading.field} must ${limitProblem(reading.field)}` }
}

const limitExample = 'one of running:2, waiting:20, minute:30, day:200 and time:2h'
const noLimit = 'off'
const mostRuns = 1_000_000_000
const timeUnits = [
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

function limitProblem(name: string): string {
  return name === 'time'
    ? 'be a time such as 2h or 90m, or off'
    : 'be a whole number from 1, or off'
}

/** Undefined when it is not valid. */
function readLimit(name: string, text: string): number | null | undefined {
  if (text === noLimit) return null
  const [, digits, unit] = /^(\d{1,9})([hms]?)$/.exec(text) ?? []
  const size = timeUnits.find(([one]) => one === unit)?.[1]
  const isTime = name === 'time'
  if (digits === undefined || (isTime ? size === undefined : unit !== '')) return undefined
  const value = Number(digits) * (isTime ? (size ?? 1) : 1)
  return value >= 1 && value <= mostRuns ? value : undefined
}
