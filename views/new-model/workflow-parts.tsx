import { plural } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'

/** The parts of a workflow that can become inputs and outputs of its model. */
export interface ShownParts {
  readonly inputs: readonly ShownInput[]
  readonly outputs: readonly ShownOutput[]
}

export interface ShownInput {
  readonly id: string
  /** Where it is in the workflow. */
  readonly place: string
  readonly name: string
  /** Bounds of a number; null for those that the server has. */
  readonly minimum: number | null
  readonly maximum: number | null
  readonly isNumber: boolean
  /** The value in the workflow. */
  readonly value: string
  readonly isChosen: boolean
}

export interface ShownOutput {
  readonly id: string
  readonly place: string
  readonly isChosen: boolean
}

/** Chooses the inputs and outputs of a workflow's model, inside the form that saves it. */
export function WorkflowParts({ inputs, outputs }: ShownParts) {
  const paths = usePaths()
  const chosen = inputs.filter(({ isChosen }) => isChosen)
  const others = inputs.filter(({ isChosen }) => !isChosen)
  return (
    <div class='stack'>
      <input type='hidden' name='parts' value='chosen' />
      <InputTable label='Inputs to offer, table' inputs={chosen} first={1} />
      {others.length > 0 && (
        <details class='more'>
          <summary>{plural(others.length, 'other value')} of the workflow</summary>
          <InputTable label='Other values, table' inputs={others} first={chosen.length + 1} />
        </details>
      )}
      <ScrollTable label='Outputs, table' columns={['Output']}>
        {outputs.map(({ id, place, isChosen }) => (
          <tr>
            <td>
              <label class='check'>
                <input type='checkbox' name='output' value={id} checked={isChosen} /> {place}
              </label>
            </td>
          </tr>
        ))}
      </ScrollTable>
      <p>
        <button class='button' type='submit' formaction={paths.newModel()} formnovalidate>
          Check these inputs
        </button>
      </p>
    </div>
  )
}

const columns = ['Value in the workflow', 'Input', 'Place', 'From', 'To']

interface InputTableProps {
  readonly label: string
  readonly inputs: readonly ShownInput[]
  /** The place of the first one in the form. */
  readonly first: number
}

function InputTable({ label, inputs, first }: InputTableProps) {
  return (
    <ScrollTable label={label} columns={columns}>
      {inputs.map((input, at) => (
        <InputRow input={input} place={first + at} />
      ))}
    </ScrollTable>
  )
}

interface InputRowProps {
  readonly input: ShownInput
  readonly place: number
}

function InputRow({ input, place }: InputRowProps) {
  const { id, name, minimum, maximum, isNumber, value, isChosen } = input
  return (
    <tr>
      <td>
        <label class='check'>
          <input type='checkbox' name='input' value={id} checked={isChosen} />{' '}
          <span>
            {input.place} <code>{value}</code>
          </span>
        </label>
      </td>
      <td>
        <input name={`as-${id}`} value={name} aria-label={`Name of ${input.place}`} />
      </td>
      <td>
        <Figure name={`place-${id}`} value={place} label={`Place of ${input.place}`} />
      </td>
      <td>
        {isNumber && <Figure name={`from-${id}`} value={minimum} label={`Least ${input.place}`} />}
      </td>
      <td>
        {isNumber && <Figure name={`to-${id}`} value={maximum} label={`Most ${input.place}`} />}
      </td>
    </tr>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: number | null
  readonly label: string
}

function Figure({ name, value, label }: FigureProps) {
  const text = value === null || Number.isNaN(value) ? '' : String(value)
  return <input name={name} value={text} inputmode='decimal' size={6} aria-label={label} />
}
