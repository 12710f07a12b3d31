import type { Child } from 'hono/jsx'
import type { Code } from '../src/domain/snippet/code.ts'

export interface CodeFigureProps {
  /** Element id of the code, for Copy. */
  readonly id: string
  /** For screen readers. */
  readonly label: string
  /** Left of the button. */
  readonly head: Child
  readonly code: Code
}

/** Code with syntax highlighting and a Copy button. */
export function CodeFigure({ id, label, head, code }: CodeFigureProps) {
  return (
    <figure class='snippet'>
      <header>
        {head}
        <button class='button bare' type='button' data-copies={id}>
          Copy
        </button>
      </header>
      <pre id={id} tabindex={0} role='region' aria-label={label}>
        {code.map(({ kind, text }) => parts[kind](text))}
      </pre>
    </figure>
  )
}

const parts = {
  plain: (text: string) => <>{text}</>,
  word: (text: string) => <b>{text}</b>,
  value: (text: string) => <i>{text}</i>,
  note: (text: string) => <em>{text}</em>,
}
