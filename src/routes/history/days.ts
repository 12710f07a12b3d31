/** Days in the server's time zone, as moments in milliseconds since 1970. */

/** The beginning of the day of a moment, or of one some days before or after it. */
export function startOfDay(moment: number, days = 0): number {
  const day = new Date(moment)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() + days)
  return day.getTime()
}

/** The beginning of a day such as `2026-03-14`; null when there is no such day. */
export function dayIn(text: string): number | null {
  const [year = 0, month = 0, day = 0] = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? text.split('-').map(Number)
    : []
  const date = new Date(year, month - 1, day)
  return year > 0 && date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null
}
