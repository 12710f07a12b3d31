import { type ChoiceName, choiceOptions } from '../../src/domain/instance/choice-texts.ts'
import type { Hardware } from '../../src/domain/instance/hardware.ts'
import type { RowState } from './edit-rows.tsx'
import { FormRow, rowControl } from './form-row.tsx'
import { HardwareOptions } from './hardware-options.tsx'

export interface InstancesRowsProps {
  readonly state: RowState
  /** The choices that mean something for the model. */
  readonly names: readonly ChoiceName[]
  /** What operators have named to run containers on. */
  readonly hardware: readonly Hardware[]
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

/** The names of the rows alone. */
export const choiceRowNames = {
  min: rows.min.name,
  max: rows.max.name,
  idle: rows.idle.name,
  boot: rows.boot.name,
  network: rows.network.name,
  disk: rows.disk.name,
  hardware: rows.hardware.name,
} as const satisfies Readonly<Record<ChoiceName, string>>

/** The words for what can be chosen. */
const words: Readonly<Record<string, string>> = {
  closed: 'Closed',
  open: 'Open',
  fixed: 'Read-only',
  writable: 'Writable',
}

/** How the instances of a model are run, for operators. */
export function InstancesRows({ names, ...shown }: InstancesRowsProps) {
  return (
    <>
      {names.map((name) => (
        <ChoiceRow name={name} {...shown} />
      ))}
    </>
  )
}

interface ChoiceRowProps extends Pick<InstancesRowsProps, 'state' | 'hardware'> {
  readonly name: ChoiceName
}

function ChoiceRow({ name, state, hardware }: ChoiceRowProps) {
  const { name: title, type, note } = rows[name]
  const [text, error, saved] = [state.texts[name], state.errors[name], state.conflicts[name]]
  const theirs = saved === undefined ? '' : (words[saved] ?? saved) || 'Any'
  const shown = saved === undefined ? note : `Saved by somebody else: ${theirs}. ${note}`
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
