import { usePaths } from '../site.ts'
import { CutNote } from './cut-note.tsx'
import { OutputView } from './index.tsx'
import type { OutputProps } from './output-props.ts'

export function ListOutput({ output, prediction, place }: OutputProps<'list'>) {
  const { items, omitted } = output
  return (
    <>
      <ol class='stack'>
        {items.map((item, index) => (
          <li>
            <OutputView output={item} prediction={prediction} place={`${place}-${index}`} />
          </li>
        ))}
      </ol>
      <CutNote omitted={omitted} noun='item' href={usePaths().outputJson(prediction)} />
    </>
  )
}
