import { formatDay, formatTime } from '../format.tsx'
import type { DeploymentFormProps } from './deployment-form.tsx'
import { FormRow, rowControl } from './form-row.tsx'

/** A version that can be run. */
export interface VersionChoice {
  readonly id: string
  /** When it was made or added, in milliseconds since 1970. */
  readonly at: number
  /** The name of its image; null for a model that is not run from images. */
  readonly named: string | null
  /** Whether it runs when no version is asked for. */
  readonly isDefault: boolean
}

interface VersionRowProps extends Pick<DeploymentFormProps, 'texts' | 'errors'> {
  /** The newest first; null where none is known, or only the upstream knows them. */
  readonly choices: readonly VersionChoice[] | null
  /** The name of the model, where the form does not have it. */
  readonly of?: string
}

/** The version of a deployment. What is chosen stays, also where it is not kept any more. */
export function VersionRow({ texts, errors, choices, of }: VersionRowProps) {
  const known = choices ?? []
  const blank = choices ? [] : ['Left blank, the version that the model runs now.']
  const note = [...(of === undefined ? [] : [`Of ${of}.`]), ...blank].join(' ')
  const row = { id: 'version', error: errors.version, note }
  if (!choices)
    return (
      <FormRow {...row} name='version'>
        <input
          {...rowControl(row)}
          class='mono'
          value={texts.version}
          autocomplete='off'
          spellcheck={false}
        />
      </FormRow>
    )
  const isGone = texts.version !== '' && !known.some(({ id }) => id === texts.version)
  return (
    <FormRow {...row} name='version'>
      <select {...rowControl(row)}>
        {isGone && (
          <option value={texts.version} selected>
            {texts.version.slice(0, 12)}, cannot be run
          </option>
        )}
        {known.map(({ id, at, named, isDefault }) => (
          <option value={id} selected={texts.version === '' ? isDefault : id === texts.version}>
            {id.slice(0, 12)}
            {isDefault && ', default'}
            {named !== null && `, ${named}`}, {formatDay(at)}, {formatTime(at)}
          </option>
        ))}
      </select>
    </FormRow>
  )
}
