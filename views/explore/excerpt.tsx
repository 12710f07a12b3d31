import type { FoundText } from '../../src/domain/model/found-text.ts'

/** The text of a model that a search found, when the card does not show it already. */
export function Excerpt({ found }: { found: FoundText }) {
  return (
    <p>
      {found.label}: {found.before}
      <b>{found.word}</b>
      {found.after}
    </p>
  )
}
