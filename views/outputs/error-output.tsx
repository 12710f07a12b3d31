import { beginning } from '../../src/domain/json/excerpt.ts'
import type { OutputProps } from './output-props.ts'

export function ErrorOutput({ output: { error } }: OutputProps<'error'>) {
  return <Failure error={error} />
}

/** Id of the element with the error, for Copy. */
export const errorId = 'error'

const mostUnits = 2_000

/** The error of a prediction. */
export function Failure({ error }: { error: string }) {
  return (
    <section class='failure'>
      <h2 id={errorId}>{error.length > mostUnits ? `${beginning(error, mostUnits)}…` : error}</h2>
    </section>
  )
}
