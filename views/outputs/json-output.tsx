import { type OutlinePart, outlineOf } from '../../src/domain/json/outline.ts'
import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'

/** JSON with collapsible parts. Its text content is valid JSON, for Copy. */
export function JsonOutput({ output, prediction, id }: OutputProps<'json'>) {
  const { parts, cut } = outlineOf(output.value, output.room)
  return (
    <>
      <div class='json-output' id={id} tabindex={0} role='group' aria-label='JSON'>
        <Parts parts={parts} />
      </div>
      {cut && (
        <p class='field-note'>
          This output is too long to show in full.{' '}
          <a href={usePaths().outputJson(prediction)}>View all</a>
        </p>
      )}
    </>
  )
}

function Parts({ parts }: { parts: readonly OutlinePart[] }) {
  return (
    <>
      {parts.map((part) => {
        if (typeof part === 'string') return part
        return (
          <>
            <details open>
              <summary>{part.head}</summary>
              <Parts parts={part.parts} />
            </details>
            {part.tail}
          </>
        )
      })}
    </>
  )
}
