import type { WordChange } from '../../src/domain/difference/word-changes.ts'
import type { TextDifference } from '../../src/domain/prediction/comparison/difference.ts'

interface WordsProps {
  readonly changes: readonly WordChange[]
  /** Leaves these out, so that one side alone is shown. */
  readonly without?: WordChange['kind']
}

/** A text with the words marked that were removed and added. */
export function Words({ changes, without }: WordsProps) {
  return (
    <span dir='auto'>
      {changes
        .filter(({ kind }) => kind !== without)
        .map(({ kind, text }) => {
          if (kind === 'same') return text
          return kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>
        })}
    </span>
  )
}

/** The same, and a note where only a part of the texts was compared. */
export function WordsOf({ changes, isCut }: TextDifference) {
  return (
    <>
      <Words changes={changes} />
      {isCut && <p class='field-note'>Only a part of these long texts is compared.</p>}
    </>
  )
}

/** Stands for a value that one side lacks. */
export function NotThere() {
  return <span class='field-note'>not there</span>
}
