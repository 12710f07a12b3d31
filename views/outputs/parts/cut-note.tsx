import { plural } from '../../format.ts'

interface CutNoteProps {
  /** How many are left out; none draws nothing. */
  readonly omitted: number | undefined
  /** What they are, in the singular. */
  readonly noun: string
  /** Where all of it is. */
  readonly href: string
}

/** Says that there is more than a page has room for, and where. */
export function CutNote({ omitted, noun, href }: CutNoteProps) {
  if (omitted === undefined) return null
  return (
    <p class='field-note'>
      {plural(omitted, `more ${noun}`)}. <a href={href}>View all</a>
    </p>
  )
}
