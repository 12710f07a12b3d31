import { withoutZone } from '../../src/domain/form/fields/moment.ts'
import { type ControlProps, controlAttributes, shownText } from './control.ts'

/** A date. */
export function DateField(props: ControlProps) {
  return (
    <input
      {...controlAttributes(props)}
      type='date'
      value={shownText(props.field)}
      required={props.field.property.required}
    />
  )
}

/** A time of day, in UTC. */
export function TimeField(props: ControlProps) {
  return <InUtc {...props} type='time' />
}

/** A date and time, in UTC. `public/moments.js` says when that is in the reader’s time zone. */
export function DateTimeField(props: ControlProps) {
  return (
    <>
      <InUtc {...props} type='datetime-local' />
      {props.label === undefined && <p class='field-note' data-local hidden />}
    </>
  )
}

function InUtc({ type, ...props }: ControlProps & { type: 'time' | 'datetime-local' }) {
  const attributes = controlAttributes(props)
  const zone = `${props.id}-zone`
  return (
    <div class='choose'>
      <input
        {...attributes}
        type={type}
        // Any number of seconds.
        step='any'
        value={withoutZone(shownText(props.field))}
        required={props.field.property.required}
        aria-describedby={[zone, props.describedBy].filter(Boolean).join(' ')}
      />
      <span id={zone}>UTC</span>
    </div>
  )
}
