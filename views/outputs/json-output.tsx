import type { Json } from '../../src/domain/json/json.ts'
import { type OutlinePart, outlineOf } from '../../src/domain/json/outline.ts'
import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'

/** JSON with collapsible parts. Its text content is valid JSON, for Copy. */
export function JsonOutput({ output, prediction, id }: OutputProps<'json'>) {
  const whole = usePaths().outputJson(prediction)
  return <JsonOutline value={output.value} room={output.room} id={id} whole={whole} />
}

interface JsonOutlineProps {
  readonly value: Json
  /** In bytes of a page. */
  readonly room: number
  readonly id: string
  /** The address of all of it. */
  readonly whole: string
}

/** JSON of any size, of which so much is shown as there is room for. */
export function JsonOutline({ value, room, id, whole }: JsonOutlineProps) {
  const { parts, cut } = outlineOf(value, room)
  return (
    <>
      <div class='json-output' id={id} tabindex={0} role='group' aria-label='JSON'>
        <Parts parts={parts} />
      </div>
      {cut && (
        <p class='field-note'>
          This is too long to show in full. <a href={whole}>View all</a>
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
