import type { ModelRef } from '../src/domain/model-ref.ts'

export { formatBytes } from '../src/domain/format-bytes.ts'

/** A time as APIs, downloads and `<time>` give it: `2026-03-01T10:00:00.000Z`. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** `38 ms`, `0.4 s`, `12.1 s`, `1 min 12 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`
}

/** The same of milliseconds. */
export function formatMs(milliseconds: number): string {
  return formatSeconds(milliseconds / 1000)
}

/** An estimate in whole seconds: `1 s`, `40 s`, `1 min 12 s`. */
export function formatWholeSeconds(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : formatSeconds(whole)
}

/** A duration that is known roughly: `4 s`, `40 s`, `1 min 10 s`, `12 min`, `under 1 s`. */
export function formatRoughly(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 1) return 'under 1 s'
  if (seconds < 20) return `${Math.round(seconds)} s`
  if (seconds < 57.5) return `${5 * Math.round(seconds / 5)} s`
  const tens = 10 * Math.round(seconds / 10)
  if (tens < 600) return `${Math.floor(tens / 60)} min${tens % 60 > 0 ? ` ${tens % 60} s` : ''}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return `${Math.round(minutes / 60)} h`
}

/** `about 40 s`, `under 1 s`. */
export function formatAbout(milliseconds: number): string {
  const roughly = formatRoughly(milliseconds)
  return roughly.startsWith('under') ? roughly : `about ${roughly}`
}

/** A running clock: `0:23`, `1:05:09`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

// Made when they are first used: the first format that a process makes takes milliseconds.
let dayFormat: Intl.DateTimeFormat | undefined
let timeFormat: Intl.DateTimeFormat | undefined
const timeParts = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const

/** `14 March 2026`, in the server's time zone. */
export function formatDay(milliseconds: number): string {
  dayFormat ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' })
  return dayFormat.format(milliseconds)
}

/** `09:41 UTC`, in the server's time zone. */
export function formatTime(milliseconds: number): string {
  timeFormat ??= new Intl.DateTimeFormat('en-GB', timeParts)
  return timeFormat.format(milliseconds)
}

/** `Succeeded` for `succeeded`. */
export function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

/** `1 input`, `2 inputs`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`
}

/** `First`, `Second`, … as a position in a queue. */
export function ordinal(position: number): string {
  const words = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth']
  return words[position - 1] ?? `Number ${position}`
}

interface MomentProps {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly shows: 'time' | 'day' | 'both'
}

/** A time in the server’s time zone, which is named; `public/moments.js` converts it to the reader’s. */
export function Moment({ at, shows }: MomentProps) {
  const words = {
    time: formatTime(at),
    day: formatDay(at),
    both: `${formatDay(at)} at ${formatTime(at)}`,
  }
  return (
    <time datetime={isoTime(at)} data-shows={shows}>
      {words[shows]}
    </time>
  )
}

/** A long name with line break opportunities after `_`, `/`, `-` and `.`. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[_/.-])/)
  return (
    <>
      {parts.map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  )
}

interface ModelNameProps {
  readonly model: ModelRef
  /** The link of the owner; none when left out. */
  readonly ownerHref?: string
}

/** `owner/name`, with a fainter owner. */
export function ModelName({ model, ownerHref }: ModelNameProps) {
  return (
    <>
      {ownerHref === undefined ? (
        <span class='owner'>{model.owner}/</span>
      ) : (
        <a class='owner' href={ownerHref}>
          {model.owner}/
        </a>
      )}
      <wbr />
      <Breakable text={model.name} />
    </>
  )
}
