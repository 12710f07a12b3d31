import type { Child } from 'hono/jsx'
import type { Hardware } from '../../src/domain/instance/hardware.ts'
import type { DeploymentErrors, DeploymentTexts } from '../../src/domain/model/deployment-texts.ts'
import { FormErrors, FormRow, rowControl } from './form-row.tsx'
import { HardwareOptions } from './hardware-options.tsx'

export interface DeploymentFormProps {
  readonly texts: DeploymentTexts
  readonly errors: DeploymentErrors
  /** The number of the release that it was opened at; 0 for a new deployment. */
  readonly release: number
  /** The texts that somebody else saved since then; null when nobody did. */
  readonly saved: DeploymentTexts | null
}

/** What runs the predictions of a deployment: containers of its own, processes of this server, or an upstream. */
export type RunBy = 'containers' | 'processes' | 'elsewhere'

export interface HardwareRowProps {
  /** What operators have named; empty where they have named none. */
  readonly hardware: readonly Hardware[]
  /** Who has GPUs of it to themselves now, as sentences; empty when nobody does. */
  readonly taken: string
}

interface FormProps extends DeploymentFormProps {
  /** Null where the model is not chosen yet. */
  readonly runBy: RunBy | null
  readonly hardware: HardwareRowProps
  readonly action: string
  readonly button: string
  /** The rows that name the model and its version. */
  readonly rows: Child
  /** A note beside the button. */
  readonly note: Child
}

/** The form of a deployment, new or not. */
export function DeploymentForm(props: FormProps) {
  const { texts, errors, release, saved, action, button, rows, note, runBy, hardware } = props
  const hasHardware = hardware.hardware.length > 0 && (runBy ?? 'containers') === 'containers'
  return (
    <form class='measure' method='post' action={action}>
      <input type='hidden' name='release' value={String(release)} />
      {/* Enter in a field presses the first submit button of a form. */}
      <button class='visually-hidden' type='submit' tabindex={-1} aria-hidden='true'>
        {button}
      </button>
      <FormErrors
        errors={errors}
        names={{ min: 'at least', max: 'at most', idle: 'stopped after' }}
      />
      {saved && (
        <section class='error-summary' tabindex={-1} role='alert' autofocus>
          <h2>Somebody else changed this deployment, too</h2>
          <p>
            It now runs version <span class='mono'>{saved.version.slice(0, 12)}</span>, {saved.min}{' '}
            to {saved.max} instances{hasHardware && ` on ${saved.hardware}`}
            {saved.idle !== '' && `, stopped after ${saved.idle} s without runs`}. Nothing was
            saved. Press {button} to replace that.
          </p>
        </section>
      )}
      <div class='fields'>
        {rows}
        {hasHardware && <HardwareRow {...{ texts, errors, runBy, ...hardware }} />}
        <Instances texts={texts} errors={errors} runBy={runBy} />
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

function HardwareRow(props: InstancesProps & HardwareRowProps) {
  const { texts, errors, runBy, hardware, taken } = props
  const use = runBy === null ? 'For models from images.' : 'Each container has as much.'
  const note = [use, taken].filter(Boolean).join(' ')
  const row = { id: 'hardware', error: errors.hardware, note }
  return (
    <FormRow {...row} name='hardware'>
      <select {...rowControl(row)}>
        <HardwareOptions hardware={hardware} chosen={texts.hardware} />
      </select>
    </FormRow>
  )
}

const withinModel =
  'At most so many of its predictions run at once, within the concurrency of the model; at 0, none run.'
const instancesNotes: Readonly<Record<RunBy, string>> = {
  containers:
    'At least 0: stopped while nobody uses it, started by the first run. At most 0: nothing runs.',
  processes: `At least so many processes of this version are kept ready. ${withinModel}`,
  elsewhere: `“At least” does nothing: this model runs elsewhere. ${withinModel}`,
}
const anyModelNote =
  'At least 0: stopped while nobody uses it, started by the first run. Models that run elsewhere, at a URL or at Replicate, start by themselves: for them “at least” does nothing.'

const idleNote = 'Without a run for this time, one that is not kept ready is stopped.'

interface InstancesProps extends Pick<DeploymentFormProps, 'texts' | 'errors'> {
  readonly runBy: RunBy | null
}

function Instances({ texts, errors, runBy }: InstancesProps) {
  const error = errors.min ?? errors.max ?? errors.idle
  const hasIdle = runBy !== 'elsewhere'
  const use = runBy === null ? anyModelNote : instancesNotes[runBy]
  const note = hasIdle ? `${use} ${idleNote}` : use
  const row = { id: 'instances', error, note }
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
        {hasIdle && (
          <label>
            Stopped after, seconds
            <input
              {...rowControl({ ...row, error: errors.idle })}
              id='idle'
              name='idle'
              inputmode='numeric'
              value={texts.idle}
              placeholder='as its model'
            />
          </label>
        )}
      </div>
    </FormRow>
  )
}
