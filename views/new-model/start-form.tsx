import type { Progress } from '../../src/domain/prediction/prediction.ts'
import { hx } from '../hx.ts'
import { ProgressBar } from '../panel/prediction-waiting.tsx'
import { usePaths } from '../site.ts'
import type { CarriedField } from './key-form.tsx'

export interface StartFormProps {
  /** As it was typed. */
  readonly where: string
  /** The key that was typed, encrypted; null for none. */
  readonly heldKey: string | null
  readonly carried: readonly CarriedField[]
}

function Carried({ where, heldKey, carried }: StartFormProps) {
  const fields = [
    { name: 'where', value: where },
    { name: 'on-demand', value: 'yes' },
    ...(heldKey === null ? [] : [{ name: 'held-key', value: heldKey }]),
    ...carried,
  ]
  return (
    <>
      {fields.map(({ name, value }) => (
        <input type='hidden' name={name} value={value} />
      ))}
    </>
  )
}

/** Offers to start what cannot answer yet, and to wait for it. */
export function StartForm({ isImage, ...props }: StartFormProps & { readonly isImage: boolean }) {
  const paths = usePaths()
  return (
    <form class='fields' method='post' action={paths.newModel()}>
      <Carried {...props} />
      <div class='run-bar'>
        <div>
          <button class='button' type='submit'>
            {isImage ? 'Start it once and ask it' : 'Wait for it to start'}
          </button>
          <p>
            {isImage
              ? 'Its container cannot reach other hosts, and is removed when it has answered.'
              : 'For an address that starts its container when it is asked, as with Knative and KServe.'}
          </p>
        </div>
      </div>
    </form>
  )
}

interface PendingLookProps extends StartFormProps {
  readonly sentence: string
  readonly progress: Progress
}

/** How far the start is. It looks again by itself, and by its button. */
export function PendingLook({ sentence, progress, ...props }: PendingLookProps) {
  const paths = usePaths()
  const again = hx({
    post: paths.newModel(),
    trigger: 'load delay:2s, submit',
    target: '#looked',
    swap: 'outerHTML',
  })
  return (
    <form class='fields' method='post' action={paths.newModel()} {...again}>
      <Carried {...props} />
      <div role='status'>
        <ProgressBar progress={progress} />
      </div>
      <div class='run-bar'>
        <div>
          <button class='button' type='submit'>
            Look again
          </button>
          <p>{sentence}</p>
        </div>
      </div>
    </form>
  )
}
