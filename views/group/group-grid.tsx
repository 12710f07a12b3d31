import type { PropsWithChildren } from 'hono/jsx'
import type { Axis, RunGroup } from '../../src/domain/group/group.ts'
import { beginning } from '../../src/domain/json/excerpt.ts'
import { formatJson, type Json } from '../../src/domain/json/json.ts'
import { Breakable } from '../format.tsx'
import { CellSquare, type ShownCell } from './group-cell.tsx'
import { ColumnButtons, type RunOffers } from './run-buttons.tsx'

interface GridProps {
  readonly group: RunGroup
  readonly cells: readonly ShownCell[]
  readonly offers: RunOffers
}

/** The runs of a sweep: the values of its last input across, those of the first of two down. */
export function GroupGrid({ group: { axes }, cells, offers }: GridProps) {
  const byPlace = new Map(cells.map((cell) => [cell.place, cell]))
  const [first, last] = axes
  if (!first) return null
  return last ? (
    <TwoAxes down={first} across={last} {...{ byPlace, offers }} />
  ) : (
    <OneAxis axis={first} {...{ byPlace, offers }} />
  )
}

type CellsByPlace = ReadonlyMap<number, ShownCell>

interface TwoAxesProps {
  readonly down: Axis
  readonly across: Axis
  readonly byPlace: CellsByPlace
  readonly offers: RunOffers
}

function TwoAxes({ down, across, byPlace, offers }: TwoAxesProps) {
  const columns = across.values.map(valueText)
  return (
    <Sweep label={`Results by ${down.input} and ${across.input}`}>
      <thead>
        <tr>
          <td>
            <span class='field-note'>
              <Breakable text={down.input} /> ↓<br />
              <Breakable text={across.input} /> →
            </span>
          </td>
          {columns.map((column, index) => (
            <Head scope='col' text={column}>
              {offers.change && (
                <ColumnButtons
                  cells={down.values.map((_, at) => byPlace.get(at * columns.length + index))}
                  label={`${across.input} ${column}`}
                />
              )}
            </Head>
          ))}
        </tr>
      </thead>
      <tbody>
        {down.values.map(valueText).map((row, at) => (
          <tr>
            <Head scope='row' text={row} />
            {columns.map((column, index) => (
              <td>
                <CellSquare
                  cell={byPlace.get(at * columns.length + index)}
                  offers={offers}
                  label={`${down.input} ${row}, ${across.input} ${column}`}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Sweep>
  )
}

/** The most values of one input beside each other. */
const mostAcross = 5

type OneAxisProps = Pick<TwoAxesProps, 'byPlace' | 'offers'> & { readonly axis: Axis }

/** One input: its values go on in the next row. */
function OneAxis({ axis, byPlace, offers }: OneAxisProps) {
  const columns = axis.values.map(valueText)
  const rows = Array.from({ length: Math.ceil(columns.length / mostAcross) }, (_, row) =>
    columns.slice(row * mostAcross, (row + 1) * mostAcross),
  )
  return (
    <Sweep label={`Results by ${axis.input}`}>
      {rows.map((values, row) => (
        <tbody>
          <tr>
            <td>
              {row === 0 && (
                <span class='field-note'>
                  <Breakable text={axis.input} /> →
                </span>
              )}
            </td>
            {values.map((value) => (
              <Head scope='col' text={value} />
            ))}
          </tr>
          <tr>
            <td />
            {values.map((value, index) => (
              <td>
                <CellSquare
                  cell={byPlace.get(row * mostAcross + index)}
                  offers={offers}
                  label={`${axis.input} ${value}`}
                />
              </td>
            ))}
          </tr>
        </tbody>
      ))}
    </Sweep>
  )
}

function Sweep({ label, children }: PropsWithChildren<{ label: string }>) {
  return (
    <div class='sweep' tabindex={0} role='region' aria-label={label}>
      <table>
        <caption class='visually-hidden'>{label}</caption>
        {children}
      </table>
    </div>
  )
}

function Head({
  scope,
  text,
  children,
}: PropsWithChildren<{ scope: 'row' | 'col'; text: string }>) {
  return (
    <th scope={scope}>
      <code>{text}</code>
      {children}
    </th>
  )
}

const mostShown = 40

/** A value as a label: of a long one, its beginning. */
function valueText(value: Json): string {
  const text = typeof value === 'string' ? value : formatJson(value)
  return text.length > mostShown ? `${beginning(text, mostShown)}…` : text
}
