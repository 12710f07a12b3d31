import type { Output, OutputKind } from '../../src/domain/output/output.ts'

/** What the renderer of a kind is given. */
export interface OutputProps<Kind extends OutputKind> {
  readonly output: Extract<Output, { kind: Kind }>
  /** Id of the prediction that made it. */
  readonly prediction: string
  /** Where it stands in the output, unlike every other's: the id of the element that Copy copies. */
  readonly place: string
}

/** The place of a prediction's output as a whole. */
export const outermost = 'output'
