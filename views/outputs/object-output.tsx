import { Breakable } from '../format.tsx'
import { usePaths } from '../site.ts'
import { OutputView } from './index.tsx'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

export function ObjectOutput({ output, prediction, id }: OutputProps<'object'>) {
  const { entries, omitted } = output
  return (
    <>
      <dl class='made'>
        {entries.map(([name, value], index) => (
          <div>
            <dt>
              <Breakable text={name} />
            </dt>
            <dd>
              <OutputView output={value} prediction={prediction} id={`${id}-${index}`} />
            </dd>
          </div>
        ))}
      </dl>
      <CutNote omitted={omitted} noun='value' href={usePaths().outputJson(prediction)} />
    </>
  )
}
