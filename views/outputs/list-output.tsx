import { usePaths } from '../site.ts'
import { OutputView } from './index.tsx'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

export function ListOutput({ output, prediction, id }: OutputProps<'list'>) {
  const { items, omitted } = output
  return (
    <>
      <ol class='stack'>
        {items.map((item, index) => (
          <li>
            <OutputView output={item} prediction={prediction} id={`${id}-${index}`} />
          </li>
        ))}
      </ol>
      <CutNote omitted={omitted} noun='item' href={usePaths().outputJson(prediction)} />
    </>
  )
}
