import { beginning } from '../../src/domain/json/excerpt.ts'
import type { OutputProps } from './output-props.ts'
import { CopyButton } from './parts/copy-button.tsx'

export function ErrorOutput({ output: { error } }: OutputProps<'error'>) {
  return <Failure error={error} />
}

const errorId = 'error'
const mostUnits = 2_000

/** The error of a prediction. */
export function Failure({ error }: { error: string }) {
  return (
    <section class='failure'>
      <h2 id={errorId}>{error.length > mostUnits ? `${beginning(error, mostUnits)}…` : error}</h2>
      <div class='actions'>
        <CopyButton copied={{ of: 'element', id: errorId }} bare />
      </div>
    </section>
  )
}
