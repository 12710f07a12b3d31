import { z } from 'zod'

const written =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:([Zz])|([+ -])(\d\d):?(\d\d))?)?$/

const dateTime = z.iso.datetime({ offset: true })

/**
 * Parses a time, in milliseconds since 1970: a date and a time of RFC 3339 or of Python, or a date
 * alone, which is midnight. Without an offset it is UTC; a space before the offset is a `+` that
 * was not encoded in a URL. Null for any other text.
 */
export function momentIn(text: string): number | null {
  const [, date, time = '00:00', , sign = '+', hours = '00', minutes = '00'] =
    written.exec(text) ?? []
  if (date === undefined) return null
  const seconds = time.length === 5 ? `${time}:00` : time
  const iso = `${date}T${seconds}${sign === '-' ? '-' : '+'}${hours}:${minutes}`
  return dateTime.safeParse(iso).success ? Date.parse(iso) : null
}
