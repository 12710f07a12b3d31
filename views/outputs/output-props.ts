import type { Output, OutputKind } from '../../src/domain/output/output.ts'

/** The props of the renderer of one kind of output. */
export interface OutputProps<Kind extends OutputKind> {
  readonly output: Extract<Output, { kind: Kind }>
  /** Id of the prediction that made it. */
  readonly prediction: string
  /** Id of the element with the text that Copy copies: unique on the page. */
  readonly id: string
}

/** The id of a whole output. The ids of its items begin with it. */
export const outputId = 'output'
