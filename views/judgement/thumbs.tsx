import type { Verdict } from '../../src/domain/judgement/judgement.ts'
import { hx } from '../hx.ts'
import { usePaths } from '../site.ts'

const formId = 'judge'

interface ThumbsProps {
  readonly place: number
  /** What the run there was made with. */
  readonly label: string
  /** What the viewer thinks of it. */
  readonly verdict: Verdict | null
}

const marks = [
  ['good', 'Good', '↑'],
  ['bad', 'Bad', '↓'],
] as const

/**
 * Says of one run of a group that it is good or bad, or takes it back; its note is on its page. Its form stands
 * elsewhere, and its markup is short, since a grid has a hundred of them.
 */
export function Thumbs({ place, label, verdict }: ThumbsProps) {
  return (
    <span class='switch'>
      {marks.map(([name, word, mark]) => (
        // biome-ignore lint/a11y/useButtonType: the default is meant, and is shorter.
        <button
          form={formId}
          name={verdict === name ? 'neither' : name}
          value={place}
          aria-pressed={String(verdict === name)}
          aria-label={`${word}: ${label}`}
        >
          {mark}
        </button>
      ))}
    </span>
  )
}

/** The form of all thumbs of a group. */
export function ThumbsForm({ group }: { readonly group: string }) {
  const action = usePaths().groupJudgement(group)
  // The answer says which thumbs it replaces.
  const inPlace = hx({ post: action, swap: 'outerMorph', sync: 'this:queue all' })
  return <form id={formId} method='post' action={action} {...inPlace} />
}

/** Selects the thumbs of the run at a place. */
export function thumbsAt(place: number): string {
  return `.switch:has(> [form=${formId}][value="${place}"])`
}
