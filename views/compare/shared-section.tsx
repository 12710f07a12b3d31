import { scopeOf } from '../../src/domain/group/comparison.ts'
import type { Join, Taker } from '../../src/domain/group/shared-inputs.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { typeWords } from '../form/field-row.tsx'
import { FormFields } from '../form/form-fields.tsx'
import { InputLink } from '../form/input-link.tsx'
import { QuotaUsed } from '../form/quota-used.tsx'
import { formatAbout, plural } from '../format.tsx'
import type { ComparePageProps } from './compare-page.tsx'
import { JoinField } from './join-field.tsx'

/** The inputs that are asked for once, and Run. */
export function SharedSection(props: ComparePageProps) {
  const { comparison, columns, form } = props
  const { shared, joins, differing } = comparison.inputs
  const count = columns.length
  const nameOf = ({ model }: Taker) => nameAt(comparison, model)
  return (
    <section class='inputs' aria-label='Shared inputs'>
      <header class='pane-head'>
        <h2>{count === 2 ? 'For both' : `For all ${count}`}</h2>
      </header>
      <FormFields
        form={form.shared}
        pressed={props.pressed}
        none={
          count < 2
            ? 'Add a second model. The inputs that both take will be here.'
            : 'These models have no input in common: fill in those of each.'
        }
        asideOf={({ property }) => {
          const takers = shared.find((one) => one.property === property)?.takers ?? []
          return takers.length < count && <small>for {takers.map(nameOf).join(', ')}</small>
        }}
      />
      {joins.some((join) => isJoined(props, join)) && (
        <div class='fields'>
          {joins
            .filter((join) => isJoined(props, join))
            .map((join) => (
              <JoinField join={join} scope={scopeAt(comparison, join.model)} isJoined />
            ))}
        </div>
      )}
      {differing.map(({ name, takers }) => (
        <p class='field-note'>
          <code>{name}</code> is asked for by itself:{' '}
          {takers.map((taker, at) => (
            <>
              {at > 0 && ', '}
              {typeWords(taker.property.schema)} for <code>{nameOf(taker)}</code>
            </>
          ))}
          .
        </p>
      ))}
      {props.choice}
      {props.link !== undefined && <InputLink href={props.link} />}
      <RunAll {...props} />
    </section>
  )
}

/** Whether a model takes the value of an input of another name. */
export function isJoined({ comparison }: ComparePageProps, join: Join): boolean {
  return comparison.inputs.shared.some(({ takers }) =>
    takers.some(({ property }) => property === join.property),
  )
}

export function scopeAt({ models }: ComparePageProps['comparison'], at: number): string {
  const ref = models[at]?.ref
  return ref ? scopeOf(ref) : ''
}

function nameAt({ models }: ComparePageProps['comparison'], at: number): string {
  const ref = models[at]?.ref
  return ref ? modelName(ref) : ''
}

function RunAll({ columns, takesMs, quota }: ComparePageProps) {
  if (columns.length < 2) return null
  return (
    <footer class='run-bar'>
      <div>
        <button class='button run' type='submit' name='run'>
          Run all
        </button>
        <p>
          {plural(columns.length, 'run')}
          {takesMs !== null && `, ${formatAbout(takesMs)} in all`}
          <QuotaUsed text={quota} />
        </p>
        <button class='button bare' type='submit' name='link' value='inputs' formnovalidate>
          Copy link
        </button>
      </div>
    </footer>
  )
}
