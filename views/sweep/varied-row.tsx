import type { Field } from '../../src/domain/form/form.ts'
import { choicesOf, isTicked } from '../../src/domain/group/sweep.ts'
import { fieldId } from '../fields/control.ts'
import { typeWords } from '../form/field-row.tsx'
import { Breakable } from '../format.tsx'

/** The head of a field with a button that makes it take several values. */
export function VaryButton({ name, isFull }: { readonly name: string; readonly isFull: boolean }) {
  return (
    <button
      class='button bare'
      type='submit'
      name='vary'
      value={name}
      formnovalidate
      disabled={isFull}
      aria-label={`Vary ${name}`}
    >
      Vary
    </button>
  )
}

/** An input that takes several values. `across`: whether they make the columns of the grid. */
export function VariedRow({ field, across }: { readonly field: Field; readonly across: boolean }) {
  const { property, error } = field
  const { name } = property
  const id = fieldId(field)
  const ticked = isTicked(property)
  const described = error === null ? `${id}-note` : `${id}-note ${id}-error`
  const group = ticked ? { role: 'group', 'aria-labelledby': `${id}-name` } : {}
  return (
    <div class='field' {...group}>
      <div class='field-head'>
        {ticked ? (
          <span class='field-name' id={`${id}-name`}>
            <Breakable text={name} />
          </span>
        ) : (
          <label class='field-name' for={id}>
            <Breakable text={name} />
          </label>
        )}{' '}
        <small>{typeWords(property.schema)}</small>{' '}
        <span class='tag'>{across ? 'columns' : 'rows'}</span>
        <button
          class='button bare'
          type='submit'
          name='fix'
          value={name}
          formnovalidate
          aria-label={`Give ${name} one value`}
        >
          One value
        </button>
        <input type='hidden' name='axis' value={name} data-axis />
      </div>
      <div class='field-body'>
        {ticked ? (
          <Ticks field={field} id={id} />
        ) : (
          <Values field={field} id={id} described={described} />
        )}
        {error && (
          <p class='field-error' id={`${id}-error`}>
            {error}
          </p>
        )}
        <p class='field-note' id={`${id}-note`}>
          {noteOf(field)}
        </p>
      </div>
    </div>
  )
}

function noteOf({ property }: Field) {
  const { type } = property.schema
  if (isTicked(property)) return 'One run for each that is ticked.'
  if (type === 'integer')
    return 'Numbers such as 1, 2, 5; from:to or from:to:step, such as 10:50:10; or 5 seeds, for five at random.'
  if (type === 'number') return 'Numbers such as 1, 2.5, 5; or from:to:step, such as 0:1:0.25.'
  return 'A value on each line.'
}

interface ValuesProps {
  readonly field: Field
  readonly id: string
  readonly described?: string
}

function Values({ field, id, described }: ValuesProps) {
  const text = field.shown.join('\n')
  return (
    <textarea
      id={id}
      name={`values.${field.property.name}`}
      rows={Math.min(12, Math.max(2, text.split('\n').length + 1))}
      aria-describedby={described}
      aria-invalid={field.error === null ? undefined : 'true'}
      data-axis
      dir='auto'
    >
      {text}
    </textarea>
  )
}

function Ticks({ field, id }: ValuesProps) {
  return (
    <div class='switch choices' id={id} tabindex={-1}>
      {choicesOf(field.property).map((choice) => (
        <label>
          <input
            type='checkbox'
            name={`values.${field.property.name}`}
            value={choice}
            checked={field.shown.includes(choice)}
            data-axis
          />
          {choice}
        </label>
      ))}
    </div>
  )
}
