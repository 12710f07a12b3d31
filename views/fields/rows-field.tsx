import type { Entry } from '../../src/domain/form/fields/field-type.ts'
import { fieldTypeOf, takesFiles } from '../../src/domain/form/fields/index.ts'
import { rowsOf, unsetRows } from '../../src/domain/form/fields/row-entries.ts'
import { itemProperty } from '../../src/domain/form/fields/rows.ts'
import { drawnAs, type Field } from '../../src/domain/form/form.ts'
import { BundledFile, useBundled } from './bundled-file.tsx'
import { type ControlProps, controlName, scopedName } from './control.ts'
import { FileChooser, KeptFile } from './file-field.tsx'
import { controls } from './index.ts'

/** A list: a row for each item. Rows are added, moved and removed by the server, so also without scripts. */
export function RowsField(props: ControlProps) {
  const { field } = props
  const { name } = field.property
  const ofFiles = takesFiles(field.property)
  // The empty address below a list of files is not a row.
  const rows = rowsOf(field.shown).filter((entry) => !ofFiles || entry !== '')
  const mark = typeof field.shown[0] === 'string' ? field.shown[0] : unsetRows
  const more = rows.length === 0 ? 'Add one' : 'Add another'
  return (
    <>
      <input type='hidden' name={controlName(field)} value={mark} />
      <ol class='rows'>
        {rows.map((entry, index) => (
          <li>
            <RowControl {...props} entry={entry} index={index} />
            <RowButtons
              id={props.id}
              name={name}
              target={`${scopedName(field)}.${index}`}
              index={index}
              last={index === rows.length - 1}
            />
          </li>
        ))}
      </ol>
      {ofFiles ? (
        <FileChooser {...props} multiple />
      ) : (
        <button
          class='button'
          type='submit'
          id={rows.length === 0 ? props.id : `${props.id}-add`}
          name='add'
          value={scopedName(field)}
          formnovalidate
          aria-label={`${more} to ${name}`}
          aria-describedby={props.describedBy}
        >
          {more}
        </button>
      )}
    </>
  )
}

type RowControlProps = ControlProps & { readonly entry: Entry; readonly index: number }

function RowControl({ field, id, describedBy, entry, index }: RowControlProps) {
  const bundled = useBundled()(entry)
  if (typeof entry !== 'string') return <KeptFile file={entry} name={controlName(field)} />
  if (bundled) return <BundledFile bundled={bundled} name={controlName(field)} />
  const property = itemProperty(field.property)
  // The address of a file is a line; the file chooser is below the rows.
  const isFile = takesFiles(property)
  const kind = isFile ? 'line' : drawnAs(fieldTypeOf(property), property, [entry])
  const item: Field = { property, kind, shown: [entry], error: field.error }
  const Control = controls[kind]
  const label = `${field.property.name} ${index + 1}`
  return (
    <Control
      field={item}
      id={index === 0 && !isFile ? id : `${id}-${index}`}
      describedBy={describedBy}
      label={label}
    />
  )
}

interface RowButtonsProps {
  /** Of the field's control. */
  readonly id: string
  /** Of the input. */
  readonly name: string
  /** The row, as its buttons name it. */
  readonly target: string
  readonly index: number
  readonly last: boolean
}

function RowButtons({ id, name, target, index, last }: RowButtonsProps) {
  const what = `${name} ${index + 1}`
  // With an id, a button keeps the focus when the form is drawn again.
  const row = { id: `${id}-${index}`, value: target }
  return (
    <span class='row-buttons'>
      <RowButton {...row} action='move-up' label={`Move ${what} up`} disabled={index === 0}>
        ↑
      </RowButton>
      <RowButton {...row} action='move-down' label={`Move ${what} down`} disabled={last}>
        ↓
      </RowButton>
      <RowButton {...row} action='remove' label={`Remove ${what}`}>
        ×
      </RowButton>
    </span>
  )
}

interface RowButtonProps {
  /** Of its row. */
  readonly id: string
  readonly action: string
  readonly value: string
  readonly label: string
  readonly disabled?: boolean
  readonly children: string
}

function RowButton({ id, action, value, label, disabled = false, children }: RowButtonProps) {
  return (
    <button
      class='button icon bare'
      type='submit'
      id={`${id}-${action}`}
      name={action}
      value={value}
      aria-label={label}
      disabled={disabled}
      formnovalidate
    >
      {children}
    </button>
  )
}
