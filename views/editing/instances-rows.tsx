import {
  type ChoiceErrors,
  type ChoiceName,
  type ChoiceTexts,
  choiceOptions,
} from '../../src/domain/instance/choice-texts.ts'
import type { Hardware } from '../../src/domain/instance/hardware.ts'
import { FormRow, rowControl } from './form-row.tsx'
import { HardwareOptions } from './hardware-options.tsx'

export interface InstancesRowsProps {
  /** The choices that mean something for the model. */
  readonly names: readonly ChoiceName[]
  readonly texts: ChoiceTexts
  /** The mark of what was saved when the form was opened. */
  readonly mark: string
  /** What operators have named to run containers on. */
  readonly hardware: readonly Hardware[]
  readonly errors: ChoiceErrors
  /** What somebody else saved since the form was opened; null when nobody did. */
  readonly conflict: ChoiceTexts | null
}

/** The names of the rows, the unit of what is typed, and what it does. */
const rows: Readonly<
  Record<ChoiceName, { readonly name: string; readonly type?: string; readonly note: string }>
> = {
  min: { name: 'kept ready', note: 'So many stay started when nobody uses them.' },
  max: { name: 'at most', note: 'More are started, up to this number, when runs wait long.' },
  idle: {
    name: 'stopped after',
    type: 'seconds',
    note: 'Without a run for this time, one that is not kept ready is stopped.',
  },
  boot: {
    name: 'time to start',
    type: 'seconds',
    note: 'One that is not ready after this time has failed. A pull of its image does not count.',
  },
  network: {
    name: 'network',
    note: 'Open it for a model that downloads its weights: it then reaches other hosts.',
  },
  disk: {
    name: 'files',
    note: 'Let them be written for a model that keeps files elsewhere than in /tmp. They go with its container.',
  },
  hardware: {
    name: 'hardware',
    note: 'What its containers are started on, and how much of it each has.',
  },
}

/** The words for what can be chosen. */
const words: Readonly<Record<string, string>> = {
  closed: 'Closed',
  open: 'Open',
  fixed: 'Read-only',
  writable: 'Writable',
}

/** How the instances of a model are run, for operators. The button takes effect at once. */
export function InstancesRows(props: InstancesRowsProps) {
  const { names, texts, mark, hardware, errors, conflict } = props
  return (
    <>
      {names.map((name) => (
        <ChoiceRow {...{ name, hardware, conflict }} text={texts[name]} error={errors[name]} />
      ))}
      <FormRow
        id='instances'
        name='instances'
        role='group'
        error={conflict && 'Somebody else has changed these. Press Set to replace theirs.'}
        note='They change at once; what runs ends as it is.'
      >
        <input type='hidden' name='seen-instances' value={mark} />
        <div class='actions'>
          <button
            class='button'
            type='submit'
            name='press'
            value='set instances'
            formnovalidate
            aria-label='Set how instances are run'
          >
            Set
          </button>
        </div>
      </FormRow>
    </>
  )
}

interface ChoiceRowProps extends Pick<InstancesRowsProps, 'conflict' | 'hardware'> {
  readonly name: ChoiceName
  readonly text: string
  readonly error: string | undefined
}

function ChoiceRow({ name, text, hardware, error, conflict }: ChoiceRowProps) {
  const { name: title, type, note } = rows[name]
  const saved = conflict?.[name] ?? text
  const theirs = (words[saved] ?? saved) || 'Any'
  const shown = saved === text ? note : `Saved by somebody else: ${theirs}. ${note}`
  const row = { id: name, name: title, type, error, note: shown }
  if (name === 'network' || name === 'disk')
    return (
      <FormRow {...row} role='radiogroup'>
        <div class='switch choices'>
          {choiceOptions[name].map((value) => (
            <label>
              <input
                type='radio'
                name={name}
                value={value}
                checked={value === text}
                aria-describedby={`${name}-note`}
              />
              {words[value]}
            </label>
          ))}
        </div>
      </FormRow>
    )
  if (name === 'hardware')
    return (
      <FormRow {...row}>
        <select {...rowControl(row)}>
          <option value=''>Any</option>
          <HardwareOptions hardware={hardware} chosen={text} />
        </select>
      </FormRow>
    )
  return (
    <FormRow {...row}>
      <input
        {...rowControl(row)}
        value={text}
        inputmode='numeric'
        autocomplete='off'
        spellcheck={false}
      />
    </FormRow>
  )
}
