import { mapFiles } from '../../src/domain/file/file.ts'
import type { Json } from '../../src/domain/json/json.ts'
import { mostUnits, textDifference } from '../../src/domain/prediction/comparison/difference.ts'
import { compareInputs } from '../../src/domain/prediction/comparison/inputs.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { Breakable } from '../format.tsx'
import { InputList } from '../panel/input-list.tsx'
import type { ComparedPrediction } from './comparison-page.tsx'
import { OneValue } from './value-table.tsx'
import { WordsOf } from './words.tsx'

interface InputDifferencesProps {
  readonly before: ComparedPrediction
  readonly after: ComparedPrediction
}

/** The inputs of two predictions: those that differ, then those that do not. */
export function InputDifferences({ before, after }: InputDifferencesProps) {
  const sides = [before.prediction, after.prediction] as const
  const { same, different } = compareInputs(sides)
  const { prediction, schema } = before
  return (
    <>
      <header class='pane-head'>
        <h2 id='inputs'>Inputs that differ</h2>
        <span class='field-note'>
          {different.length} of {same.length + different.length}
        </span>
      </header>
      {different.length === 0 && <p class='field-note'>All inputs are the same.</p>}
      <dl class='given'>
        {different.map((name) => (
          <div>
            <dt>
              <Breakable text={name} />
            </dt>
            <dd>
              <Changed
                before={valueIn(sides[0], name)}
                after={valueIn(sides[1], name)}
                units={Math.ceil(mostUnits / different.length)}
              />
            </dd>
          </div>
        ))}
      </dl>
      {same.length > 0 && (
        <details class='more'>
          <summary>
            The same in both <span>{same.length}</span>
          </summary>
          <InputList {...prediction} prediction={prediction.id} schema={schema} names={same} />
        </details>
      )}
    </>
  )
}

/** The value of an input with the names of files in place of their references. */
function valueIn({ input, files }: Prediction, name: string): Json | undefined {
  if (!Object.hasOwn(input, name)) return undefined
  return mapFiles(input[name] ?? null, files, (file) => file.name)
}

interface ChangedProps {
  readonly before: Json | undefined
  readonly after: Json | undefined
  /** The longest texts that are compared. */
  readonly units: number
}

function Changed({ before, after, units }: ChangedProps) {
  if (typeof before === 'string' && typeof after === 'string' && before !== after)
    return <WordsOf {...textDifference(before, after, units)} />
  return (
    <>
      <OneValue value={before} is='before' /> <OneValue value={after} is='after' />
    </>
  )
}
