import type { Json } from '../../src/domain/json/json.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { hx } from '../hx.ts'
import { JsonOutline } from '../outputs/json-output.tsx'
import { outputId } from '../outputs/output-props.ts'
import { usePaths } from '../site.ts'

interface OutputSwitchProps {
  readonly prediction: Prediction
  readonly isJson: boolean
  /** The address of the page, of which the tabs are two views. */
  readonly here: string
}

/** Switches between the output and the prediction as JSON. */
export function OutputSwitch({ prediction, isJson, here }: OutputSwitchProps) {
  const panel = usePaths().panel(prediction.id)
  return (
    <nav class='switch' aria-label='Output as'>
      <a
        href={here}
        aria-current={isJson ? undefined : 'true'}
        {...hx({ get: panel, target: '#prediction', swap: 'outerMorph' })}
      >
        Preview
      </a>
      <a
        href={`${here}${here.includes('?') ? '&' : '?'}as=json`}
        aria-current={isJson ? 'true' : undefined}
        {...hx({ get: `${panel}?as=json`, target: '#prediction', swap: 'outerMorph' })}
      >
        JSON
      </a>
    </nav>
  )
}

/** In bytes of a page. */
const jsonRoom = 48 * 1024

/** A prediction as the API has it; of a long one, the beginning. */
export function PredictionAsJson({ id, json }: { id: string; json: Json }) {
  return (
    <JsonOutline value={json} room={jsonRoom} id={outputId} whole={usePaths().predictionJson(id)} />
  )
}
