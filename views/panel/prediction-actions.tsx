import { modelName } from '../../src/domain/model-ref.ts'
import type { Output } from '../../src/domain/output/output.ts'
import { hasFailed, hasSucceeded } from '../../src/domain/prediction/prediction.ts'
import { OutputActions } from '../outputs/parts/output-actions.tsx'
import { usePaths } from '../site.ts'
import type { PredictionPanelProps } from './prediction-panel.tsx'
import { UseAsInput } from './use-as-input.tsx'

type PredictionActionsProps = PredictionPanelProps & { readonly output: Output }

/** The actions on a settled prediction. */
export function PredictionActions({ prediction, may, useAsInput, output }: PredictionActionsProps) {
  const paths = usePaths()
  const tweak = `${paths.model(prediction.model)}?from=${prediction.id}`
  return (
    <div class='actions'>
      {may.tweak && (
        <a class={hasFailed(prediction) ? 'button' : 'button run'} href={tweak}>
          Tweak
        </a>
      )}
      {may.rerun && (
        <form method='post' action={paths.predictions()}>
          <input type='hidden' name='model' value={modelName(prediction.model)} />
          <input type='hidden' name='version' value={prediction.version} />
          <input type='hidden' name='from' value={prediction.id} />
          <button class='button' type='submit'>
            Run again
          </button>
        </form>
      )}
      {may.share && (
        <form method='post' action={paths.shares(prediction.id)}>
          <button class='button' type='submit'>
            Share
          </button>
        </form>
      )}
      {useAsInput && <UseAsInput {...useAsInput} />}
      <OutputActions output={output} prediction={prediction} />
      {may.delete && hasSucceeded(prediction) && (
        <form method='post' action={paths.example(prediction.id)}>
          <button class='button bare' type='submit'>
            Add to examples
          </button>
        </form>
      )}
      {may.delete && (
        <a class='button bare' href={paths.deletion(prediction.id)}>
          Delete
        </a>
      )}
    </div>
  )
}
