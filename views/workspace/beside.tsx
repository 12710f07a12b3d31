/** In place of an id: the example of the model. */
export const besideExample = 'example'

interface BesideProps {
  /** Id of the prediction beside the form, or `besideExample`; empty when there is none. */
  readonly id: string
}

/** Sends with a form which result stands beside it, so that an error keeps it there. */
export function Beside({ id }: BesideProps) {
  return <input type='hidden' name='beside' value={id} id='beside' />
}
