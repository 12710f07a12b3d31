import { z } from 'zod'

const written =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:([Zz])|([+ -])(\d\d):?(\d\d))?)?$/

const dateTime = z.iso.datetime({ offset: true })

/**
 * A time as programs write it, in milliseconds since 1970: a date and a time of RFC 3339 or of Python, or
 * a date alone, which is its midnight. Without an offset it is UTC, and a `+` that was sent in an
 * address as it is arrives as a space. Null for anything else.
 */
export function momentIn(text: string): number | null {
  const [, date, time = '00:00', , sign = '+', hours = '00', minutes = '00'] =
    written.exec(text) ?? []
  if (date === undefined) return null
  const seconds = time.length === 5 ? `${time}:00` : time
  const iso = `${date}T${seconds}${sign === '-' ? '-' : '+'}${hours}:${minutes}`
  return dateTime.safeParse(iso).success ? Date.parse(iso) : null
}
