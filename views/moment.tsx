import { formatDay, formatTime } from './format.ts'

interface MomentProps {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly shows: 'time' | 'day' | 'both'
}

/** A moment, in the server's zone, which is named; `public/moments.js` puts it into the reader's own. */
export function Moment({ at, shows }: MomentProps) {
  const words = {
    time: formatTime(at),
    day: formatDay(at),
    both: `${formatDay(at)} at ${formatTime(at)}`,
  }
  return (
    <time datetime={new Date(at).toISOString()} data-shows={shows}>
      {words[shows]}
    </time>
  )
}
