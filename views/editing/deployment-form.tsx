import type { Child } from 'hono/jsx'
import type { DeploymentErrors, DeploymentTexts } from '../../src/domain/model/deployment-texts.ts'
import { FormErrors, FormRow, rowControl } from './form-row.tsx'

export interface DeploymentFormProps {
  readonly texts: DeploymentTexts
  readonly errors: DeploymentErrors
  /** The number of the release that it was opened at; 0 for a new deployment. */
  readonly release: number
  /** The texts that somebody else saved since then; null when nobody did. */
  readonly saved: DeploymentTexts | null
}

interface FormProps extends DeploymentFormProps {
  readonly action: string
  readonly button: string
  /** The rows that name the model and its version. */
  readonly rows: Child
  /** A note beside the button. */
  readonly note: Child
}

/** The form of a deployment, new or not. */
export function DeploymentForm(props: FormProps) {
  const { texts, errors, release, saved, action, button, rows, note } = props
  return (
    <form class='measure' method='post' action={action}>
      <input type='hidden' name='release' value={String(release)} />
      <FormErrors errors={errors} names={{ min: 'at least', max: 'at most' }} />
      {saved && (
        <section class='error-summary' tabindex={-1} role='alert' autofocus>
          <h2>Somebody else changed this deployment, too</h2>
          <p>
            It now runs version <span class='mono'>{saved.version.slice(0, 12)}</span>, {saved.min}{' '}
            to {saved.max} instances. Nothing was saved. Press {button} to replace that.
          </p>
        </section>
      )}
      <div class='fields'>
        {rows}
        <Instances texts={texts} errors={errors} />
      </div>
      <footer class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            {button}
          </button>
          <p>{note}</p>
        </div>
      </footer>
    </form>
  )
}

const instancesNote =
  'At most so many of its predictions run at once, within the concurrency of the model; at 0, none run. “At least” is kept for programs: models start when they are first needed.'

function Instances({ texts, errors }: Pick<DeploymentFormProps, 'texts' | 'errors'>) {
  const error = errors.min ?? errors.max
  const row = { id: 'instances', error, note: instancesNote }
  return (
    <FormRow {...row} name='instances' role='group'>
      <div class='filters'>
        <label>
          At least
          <input
            {...rowControl({ ...row, error: errors.min })}
            id='min'
            name='min'
            inputmode='numeric'
            value={texts.min}
          />
        </label>
        <label>
          At most
          <input
            {...rowControl({ ...row, error: errors.max })}
            id='max'
            name='max'
            inputmode='numeric'
            value={texts.max}
          />
        </label>
      </div>
    </FormRow>
  )
}

interface NewRowsProps extends Pick<DeploymentFormProps, 'texts' | 'errors'> {
  /** The names of all models. */
  readonly models: readonly string[]
}

/** The rows of a new deployment. */
export function NewRows({ texts, errors, models }: NewRowsProps) {
  const name = { id: 'name', error: errors.name }
  const model = { id: 'model', error: errors.model }
  const version = {
    id: 'version',
    error: errors.version,
    note: 'Left blank, the version that the model runs now.',
  }
  const plain = { autocomplete: 'off', spellcheck: false }
  return (
    <>
      <FormRow {...name} name='name' required>
        <input {...rowControl(name)} {...plain} value={texts.name} placeholder='owner/name' />
      </FormRow>
      <FormRow {...model} name='model' required>
        <input {...rowControl(model)} {...plain} value={texts.model} list='models' />
        <datalist id='models'>
          {models.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      </FormRow>
      <FormRow {...version} name='version'>
        <input {...rowControl(version)} {...plain} value={texts.version} class='mono' />
      </FormRow>
    </>
  )
}

interface VersionRowProps extends Pick<DeploymentFormProps, 'texts' | 'errors'> {
  readonly versions: readonly string[]
  /** The version that the model runs now; null when that is not known. */
  readonly current: string | null
}

/** The version of a deployment. */
export function VersionRow({ texts, errors, versions, current }: VersionRowProps) {
  const row = { id: 'version', error: errors.version, note: `Of ${texts.model}.` }
  return (
    <FormRow {...row} name='version'>
      <select {...rowControl(row)}>
        {versions.map((id) => (
          <option value={id} selected={id === texts.version}>
            {id.slice(0, 12)}
            {id === current && ', current'}
          </option>
        ))}
      </select>
    </FormRow>
  )
}
